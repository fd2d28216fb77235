"""
Divides the real recordings by speaker into train, dev (thresholds, when to stop) and test (the reported figures), and
writes split.json. The same data gives the same file.

The recordings of the keywords carry no speaker. They are clustered by what a speaker, microphone and room leave in all of
them: the long-term spectrum of the speech and the spectrum of the noise floor. Whole clusters go to one part.
"""

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

import recordings
from features import log_mel

SEED = 6
PARTS = ("train", "dev", "test")
SHARES = {"keywords": (0.5, 0.15, 0.35), "few": (0.4, 0.2, 0.4), "speech": (0.5, 0.2, 0.3)}
# One file of each keyword alone is no speaker: about as many clusters as the set has speakers, rather more.
CLUSTERS = 90
NOISE = {"doing_the_dishes": "train", "running_tap": "test"}


def describe(file: Path) -> np.ndarray:
    """Long-term spectrum of the loud half of the frames, and of the quietest tenth, in mel bands."""
    bands = log_mel(recordings.read(file))
    order = np.argsort(bands.mean(axis=1))
    loud = bands[order[len(order) // 2 :]].mean(axis=0)
    floor = bands[order[: max(3, len(order) // 10)]].mean(axis=0)
    return np.concatenate([loud - loud.mean(), floor - loud.mean()])


def clusters_of(files: list[Path]) -> np.ndarray:
    rows = np.array([describe(file) for file in files])
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    return fcluster(linkage(rows, "ward"), CLUSTERS, "maxclust")


def divide(groups: dict[str, list[tuple[str, str]]], shares: dict[str, tuple[float, ...]]) -> dict[str, str]:
    """
    Whole groups into parts, so that each kind comes near to its shares.
    @param groups group → (file, kind) of each member
    @param shares of the parts, of each kind
    @returns file → part
    """
    totals = Counter(kind for members in groups.values() for _, kind in members)
    counts = {part: Counter() for part in PARTS}
    rng = np.random.default_rng(SEED)
    order = sorted(groups)
    rng.shuffle(order)
    order.sort(key=lambda name: -len(groups[name]))
    parts: dict[str, str] = {}
    for name in order:
        kinds = Counter(kind for _, kind in groups[name])

        def excess(part: str) -> float:
            share = PARTS.index(part)
            return sum(
                n * (counts[part][kind] + n / 2 - shares[kind][share] * totals[kind]) / (shares[kind][share] * totals[kind])
                for kind, n in kinds.items()
            )

        part = min(PARTS, key=excess)
        counts[part].update(kinds)
        parts.update({file: part for file, _ in groups[name]})
    return parts


def split(data: Path) -> dict[str, str]:
    name = lambda file: str(file.relative_to(data))  # noqa: E731
    spoken = sorted((data / recordings.KEYWORDS).rglob("*.flac"))
    totals = Counter(file.parent.name for file in spoken)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file, cluster in zip(spoken, clusters_of(spoken)):
        groups[f"{cluster:03d}"].append((name(file), file.parent.name))
    shares = {kind: SHARES["keywords" if n > 50 else "few"] for kind, n in totals.items()}
    parts = divide(groups, shares)

    for folder, pattern, speaker in (
        ("librispeech-train-clean-100-excerpts", "*.flac", lambda file: file.stem.split("-")[0]),
        ("speech-commands-sample", "*/*.wav", lambda file: file.stem.split("_")[0]),
    ):
        speakers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for file in sorted((data / folder).glob(pattern)):
            speakers[speaker(file)].append((name(file), folder))
        parts |= divide(speakers, {folder: SHARES["speech"]})

    for file in sorted((data / "speech-commands-background-noise").glob("*.flac")):
        parts[name(file)] = NOISE[file.stem]
    parts |= {name(file): "test" for file in sorted((data / "micro-speech-testdata").glob("*.wav"))}
    return parts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    parts = split(options.data)
    lists = {part: sorted(file for file, its in parts.items() if its == part) for part in PARTS}
    # Several keywords by unknown speakers, without word times: of no use to any part.
    lists["unused"] = ["wake-word-benchmark/multiple_keywords.wav"]
    recordings.SPLIT.write_text(json.dumps(lists, indent=1) + "\n")
    keyword = f"{recordings.KEYWORDS}/"
    folders = {str(Path(file).parent) if file.startswith(keyword) else file.split("/")[0] for file in parts}
    for folder in sorted(folders):
        print(folder, *(f"{part} {sum(file.startswith(folder + '/') for file in lists[part])}" for part in PARTS))
