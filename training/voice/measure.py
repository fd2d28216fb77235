"""The figures of the model card, on the test part alone."""

from pathlib import Path

import numpy as np
from scipy.stats import beta, chi2
from torch import nn

import bank
import recordings
import rehearsal
import stream
from features import log_mel
from thresholds import hits

RATE = 16000


def interval(hits: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's. @returns shares"""
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, trials - hits + 1))
    high = 1.0 if hits == trials else float(beta.ppf(1 - tail, hits + 1, trials - hits))
    return low, high


def misses(network: nn.Module, labels: list[str], thresholds: dict[str, float], data: Path, part: str) -> list[str]:
    """Rows of the table, one for each keyword, and the latency of all."""
    noises = [recordings.read(file) for file in recordings.negative_files(data, part) if "background" in str(file)]
    noise = noises[0] if noises else np.random.default_rng(0).normal(size=60 * RATE)
    rows, late, wrong, trials = [], [], 0, 0
    for label in thresholds:
        words = bank.real_words(data, part, label)
        if not words:
            rows.append(f"| {label} | {thresholds[label]:.3f} | no recordings | no recordings | no recordings |")
            continue
        cells = []
        for decibel in (None, 10, 5):
            rng = np.random.default_rng(80)
            missed = 0
            for word in words:
                said = rehearsal.said(word, label, rng, None if decibel is None else noise, decibel or 0)
                score = stream.scores(network, said.frames)
                found = hits(said, score[:, labels.index(label)], thresholds[label])
                missed += not found
                if decibel is None:
                    late += found[:1]
                    trials += 1
                    wrong += any_trigger(score, labels, {other: t for other, t in thresholds.items() if other != label})
            low, high = interval(missed, len(words))
            share = 100 * missed / len(words)
            cells.append(f"{missed} of {len(words)} ({share:.1f} %; {100 * low:.1f}–{100 * high:.1f})")
        rows.append(f"| {label} | {thresholds[label]:.3f} | " + " | ".join(cells) + " |")
    late_ms = np.array(late) * 1000
    confusers = [label for label in labels if label not in thresholds]
    for label in confusers:
        for word in bank.real_words(data, part, label):
            score = stream.scores(network, rehearsal.said(word, label, np.random.default_rng(81)).frames)
            trials += 1
            wrong += any_trigger(score, labels, thresholds)
    rows.append("")
    rows.append(f"Another keyword than the one that was said triggered: {wrong} of {trials} recordings.")
    if late:
        rows.append(
            f"From the end of the word to the trigger, clean: median {np.median(late_ms):.0f} ms, "
            f"95 % within {np.percentile(late_ms, 95):.0f} ms, all within {late_ms.max():.0f} ms."
        )
    return rows


def any_trigger(score: np.ndarray, labels: list[str], thresholds: dict[str, float]) -> bool:
    return any(stream.triggers(score[:, labels.index(label)], threshold) for label, threshold in thresholds.items())


def false_alarms(network: nn.Module, labels: list[str], thresholds: dict[str, float], data: Path, part: str) -> list[str]:
    files = recordings.negative_files(data, part)
    speech = [recordings.read(file) for file in files if "background" not in str(file)]
    noise = [recordings.read(file) for file in files if "background" in str(file)]
    rows = []
    for name, sounds in (("speech", speech), ("recorded noise", noise)):
        if not sounds:
            continue
        sound = rehearsal.continuous(sounds, np.random.default_rng(82))
        score = stream.scores(network, log_mel(sound))
        count = sum(len(stream.triggers(score[:, labels.index(label)], t)) for label, t in thresholds.items())
        minutes = len(sound) / RATE / 60
        high = chi2.ppf(0.975, 2 * (count + 1)) / 2 / minutes * 60
        rows.append(f"False alarms in {minutes:.1f} min of {name}: {count} (95 % interval up to {high:.1f} an hour).")
    return rows


def table(network: nn.Module, labels: list[str], thresholds: dict[str, float], data: Path, part: str = "test") -> str:
    head = ["| keyword | threshold | missed, clean | missed at 10 dB | missed at 5 dB |", "|---|---|---|---|---|"]
    rows = misses(network, labels, thresholds, data, part)
    return "\n".join([*head, *rows, *false_alarms(network, labels, thresholds, data, part)])
