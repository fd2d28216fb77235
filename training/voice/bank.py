"""The bank of features that the network learns from: scenes of all keywords and of everything else."""

from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import augment
import recordings
import scenes
from clips import Clips, speech_bounds
from keywords import Keyword
from scenes import Material, Word

PROCESSES = 2
CHUNK = 64
RATE = 16000

# Scenes of each synthetic keyword's utterance, and of all recordings of a keyword together.
PER_UTTERANCE = 3
PER_REAL_KEYWORD = 4500
# Seconds.
LONGEST = 1.25


@dataclass
class Source:
    """Everything that scenes of one part are made of; each process of the pool has it."""

    material: Material
    # Label → words.
    words: dict[str, list[Word]] = field(default_factory=dict)
    # Set → sounds without a keyword.
    others: dict[str, list[np.ndarray] | Clips] = field(default_factory=dict)


@dataclass
class Bank:
    # Label → float16 [scenes, SCENE, 40]; synthetic and real.
    synthetic: dict[str, np.ndarray]
    real: dict[str, np.ndarray]
    # float16 [frames, 40] of all negative scenes behind each other; where each begins, and its set.
    frames: np.ndarray
    offsets: np.ndarray
    sets: np.ndarray

    @property
    def scenes(self) -> int:
        return sum(len(made) for made in (*self.synthetic.values(), *self.real.values(), self.sets))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("synthetic", "real"):
            for label, made in getattr(self, kind).items():
                np.save(folder / f"{kind}-{label}.npy", made)
        # The one that is looked for comes last.
        for name in ("frames", "offsets", "sets"):
            np.save(folder / f"{name}.npy", getattr(self, name))

    @staticmethod
    def load(folder: Path) -> "Bank":
        words = {
            kind: {file.stem[len(kind) + 1 :]: np.load(file) for file in sorted(folder.glob(f"{kind}-*.npy"))}
            for kind in ("synthetic", "real")
        }
        return Bank(**words, **{name: np.load(folder / f"{name}.npy") for name in ("frames", "offsets", "sets")})


def synthetic_sets(work: Path, part: str) -> dict[str, Clips]:
    """What was synthesised for a part, by the name of its set."""
    return {file.stem[len(part) + 1 :]: Clips.load(file) for file in sorted((work / "synthetic").glob(f"{part}-*.npz"))}


def real_words(data: Path, part: str, label: str, longest: float = np.inf) -> list[Word]:
    """
    The recordings of a keyword, with at most 0.4 s of their room before and after it.
    @param longest seconds; a word that seems to be longer is left out
    """
    words = []
    for file in recordings.keyword_files(data, part, label):
        sound = recordings.read(file)
        first, last = speech_bounds(sound)
        begin, end = max(0, first - 6400), min(len(sound), last + 6400)
        if (last - first) / RATE > longest:
            continue
        words.append(Word(sound[begin:end] * (0.5 / np.abs(sound[begin:end]).max()), first - begin, last - begin, True))
    return words


def gather(work: Path, data: Path | None, extra: Path | None, keywords: list[Keyword], part: str) -> Source:
    """
    @param data the folder of the real recordings; None learns from synthetic speech alone
    @param extra a folder of speech without the keywords
    """
    sets = synthetic_sets(work, part)
    slugs = {keyword.label: keyword.label.replace(" ", "-") for keyword in keywords}
    others: dict[str, list[np.ndarray] | Clips] = {
        name: clips for name, clips in sets.items() if name in ("near-words", "word-groups", "sentences")
    }
    rng = np.random.default_rng(20)
    speech, noise = [sets["sentences"]], []
    words = {
        label: [Word(clip, 0, len(clip), False) for clip in sets[slug] if len(clip) < LONGEST * RATE]
        for label, slug in slugs.items()
    }
    if data:
        for label in slugs:
            # What does not fit into a window teaches nothing; what is measured leaves out nothing.
            words[label] += real_words(data, part, label, LONGEST if part == "train" else np.inf)
        files = [recordings.read(file) for file in recordings.negative_files(data, part)]
        noise = [sound for sound in files if len(sound) > 20 * RATE]
        others["real-speech"] = [sound for sound in files if len(sound) <= 20 * RATE]
    if extra:
        others["own-speech"] = [recordings.read(file) for file in recordings.folder_files(extra)]
    real = [*others.get("real-speech", []), *others.get("own-speech", [])]
    if real:
        speech.append(Clips.of(real, [""] * len(real), [""] * len(real)))
    return Source(Material(speech, noise, [augment.room(rng) for _ in range(400)]), words, others)


# Scenes of each set of the negatives, for a bank of scale 1; a set that is not there is left out.
SCENES = {
    "near-words": 10000,
    "word-groups": 12000,
    "sentences": 11000,
    "real-speech": 7000,
    "own-speech": 12000,
    "spliced": 5000,
    "parts": 12000,
    "noise": 3500,
}

_source: Source | None = None


def _start(source: Source) -> None:
    global _source
    _source = source


def _keyword_chunk(task: tuple[str, list[int], int]) -> np.ndarray:
    label, chosen, seed = task
    rng = np.random.default_rng(seed)
    return np.stack([scenes.keyword_scene(_source.words[label][i], _source.material, rng) for i in chosen]).astype(np.float16)


def _other_chunk(task: tuple[str, int, int]) -> list[np.ndarray]:
    name, count, seed = task
    rng = np.random.default_rng(seed)
    return [_other(name, rng).astype(np.float16) for _ in range(count)]


def _other(name: str, rng: np.random.Generator) -> np.ndarray:
    material = _source.material
    if name == "noise":
        return scenes.noise_scene(material, rng)
    if name == "spliced":
        clips = [*_source.others["real-speech"], *_source.others.get("own-speech", [])]
        return scenes.other_scene(scenes.spliced(clips, rng), material, rng)
    if name == "parts":
        words = _source.words[list(_source.words)[rng.integers(len(_source.words))]]
        real = [word for word in words if word.real]
        word = real[rng.integers(len(real))] if real and rng.random() < 0.35 else words[rng.integers(len(words))]
        # The beginning or the end alone; up to two thirds, which still is no keyword.
        cut = rng.uniform(0.3, 0.62)
        part = word.part(0, cut) if rng.random() < 0.5 else word.part(1 - cut, 1)
        return scenes.other_scene(part, material, rng)
    sounds = _source.others[name]
    return scenes.other_scene(sounds[int(rng.integers(len(sounds)))], material, rng)


def build(source: Source, scale: float = 1) -> Bank:
    with Pool(PROCESSES, _start, (source,)) as pool:
        made = {"synthetic": {}, "real": {}}
        for at, (label, words) in enumerate(source.words.items()):
            rng = np.random.default_rng([30, at])
            for kind, real in (("synthetic", False), ("real", True)):
                chosen = [i for i, word in enumerate(words) if word.real == real]
                if not chosen:
                    continue
                count = int(scale * (PER_REAL_KEYWORD if real else PER_UTTERANCE * len(chosen)))
                picks = np.resize(rng.permutation(chosen), count)
                seed = 10_000_000 * (at + 1) + 5_000_000 * real
                tasks = [(label, list(picks[i : i + CHUNK]), seed + i) for i in range(0, count, CHUNK)]
                made[kind][label] = np.concatenate(list(pool.imap(_keyword_chunk, tasks)))
        frames, sets = [], []
        for at, (name, count) in enumerate(SCENES.items()):
            needed = {"spliced": "real-speech", "parts": None, "noise": None}.get(name, name)
            if needed is not None and needed not in source.others:
                continue
            count, seed = int(count * scale), 900_000_000 + 1_000_000 * at
            tasks = [(name, min(CHUNK, count - i), seed + i) for i in range(0, count, CHUNK)]
            for chunk in pool.imap(_other_chunk, tasks):
                frames += chunk
                sets += [name] * len(chunk)
            print(f"bank: {name}", flush=True)
    offsets = np.cumsum([0, *(len(scene) for scene in frames)])
    return Bank(made["synthetic"], made["real"], np.concatenate(frames), offsets, np.array(sets))
