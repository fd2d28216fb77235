"""Says all keywords, the words that sound like them and everyday sentences, in as many voices as there are."""

import argparse
import re
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import engines
import near_words
import sentences
from clips import RATE, Clips, speech_bounds
from keywords import KEYWORDS, Keyword, own_keyword

PROCESSES = 2
BATCH = 40


def slug(label: str) -> str:
    return label.replace(" ", "-")


def keyword_requests(keyword: Keyword, rng: np.random.Generator, count: int, held_out: bool) -> list[engines.Request]:
    texts = rng.choice(keyword.spellings, size=count)
    return [engines.Request(str(text), keyword.foreign, True, held_out) for text in texts]


def near_requests(keywords: list[Keyword], rng: np.random.Generator, count: int, held_out: bool) -> list[engines.Request]:
    """What sounds alike: words from the list, parts of the keywords, and words a few sounds away."""
    texts: list[str] = []
    for keyword in keywords:
        share = count // len(keywords)
        parts = near_words.parts(keyword.label)
        changed = near_words.changed(keyword.label, rng, share // 4)
        known = [*keyword.confusable, *parts]
        texts += [str(text) for text in rng.choice(known, size=share - len(changed))] + changed
    return without(keywords, texts, held_out)


def without(keywords: list[Keyword], texts: list[str], held_out: bool) -> list[engines.Request]:
    """What says no keyword by chance."""
    said = {spelling.strip("!?,") for keyword in keywords for spelling in (keyword.label, *keyword.spellings)}
    any_keyword = re.compile(rf"\b({'|'.join(map(re.escape, sorted(said)))})\b")
    texts = [text for text in texts if text.strip() and not any_keyword.search(text)]
    return [engines.Request(text, {}, False, held_out) for text in texts]


def speak(task: tuple[list[engines.Request], int]) -> list[tuple[np.ndarray, str, str]]:
    """A batch, in which each engine has its share. @returns sound without the silence around it, text, voice"""
    requests, seed = task
    rng = np.random.default_rng(seed)
    shares = engines.available()
    names = rng.choice(list(shares), size=len(requests), p=list(shares.values()))
    # Festival has no voice to spare for the held-out part.
    names = [n if not (n == "festival" and r.held_out) else "espeak-ng" for n, r in zip(names, requests)]
    made = []
    for name, request in zip(names, requests):
        if name == "espeak-ng":
            made.append((*engines.espeak(request, rng), request.text))
        elif name == "flite":
            made.append((*engines.flite(request, rng), request.text))
    batch = [request for name, request in zip(names, requests) if name == "festival"]
    if batch:
        made += engines.festival(batch, rng)
    out = []
    for sound, voice, text in made:
        peak = np.abs(sound).max(initial=0)
        if peak < 1e-3 or len(sound) < RATE // 8:
            continue
        first, last = speech_bounds(sound, below_peak=38, above_noise=8, quiet=10)
        out.append((sound[first:last] * (0.5 / peak), text, voice))
    return out


def make(pool: Pool, file: Path, requests: list[engines.Request], seed: int) -> None:
    if file.exists():
        return
    tasks = [(requests[i : i + BATCH], seed * 100_003 + i) for i in range(0, len(requests), BATCH)]
    said = [clip for batch in pool.imap(speak, tasks) for clip in batch]
    clips = Clips.of(*(list(column) for column in zip(*said)))
    clips.save(file)
    print(f"{file.name}: {len(clips)} utterances, {clips.hours:.2f} h", flush=True)


def synthesise(folder: Path, keywords: list[Keyword], scale: float = 1) -> None:
    """
    Fills a folder with what is not there yet.
    @param scale 1 is 2400 utterances a keyword and about 7 h of others
    """
    folder.mkdir(parents=True, exist_ok=True)
    with Pool(PROCESSES) as pool:
        for part, held_out in (("train", False), ("dev", True)):
            share = scale * (0.15 if held_out else 1)
            for at, keyword in enumerate(keywords):
                rng = np.random.default_rng([at, held_out, 1])
                requests = keyword_requests(keyword, rng, int(2400 * share), held_out)
                make(pool, folder / f"{part}-{slug(keyword.label)}.npz", requests, 1000 + at + 500 * held_out)
            rng = np.random.default_rng([held_out, 2])
            near = near_requests(keywords, rng, int(5000 * share), held_out)
            make(pool, folder / f"{part}-near-words.npz", near, 2000 + held_out)
            groups = [sentences.word_group(rng) for _ in range(int(8000 * share))]
            make(pool, folder / f"{part}-word-groups.npz", without(keywords, groups, held_out), 3000 + held_out)
            # Of these the held-out part gets more: false alarms are rare, and are counted in it.
            said = [sentences.sentence(rng) for _ in range(int(6500 * scale * (0.6 if held_out else 1)))]
            make(pool, folder / f"{part}-sentences.npz", without(keywords, said, held_out), 4000 + held_out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--keyword", action="append", default=[])
    parser.add_argument("--scale", type=float, default=1)
    options = parser.parse_args()
    synthesise(options.work, [*KEYWORDS, *map(own_keyword, options.keyword)], options.scale)
