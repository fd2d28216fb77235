"""Thresholds, chosen on the dev part alone: real speech of other speakers, and hours of other synthetic speech and noise."""

from dataclasses import dataclass

import numpy as np
from torch import nn

import rehearsal
import scenes
import stream
from bank import Source
from features import log_mel

# Of all keywords together.
PER_HOUR = 0.5
LEAST, MOST = 0.5, 0.98
# The real speech of the dev part is minutes, heard so many times in other rooms and noises. What it would do in hours is
# extrapolated from its highest scores.
REPEATS = 12
TAIL = 20


@dataclass
class Chosen:
    thresholds: dict[str, float]
    # Hours of synthetic speech and noise, and of real speech in its repetitions.
    hours: float
    real_hours: float
    # Share of the dev part's recordings that trigger, clean.
    found: dict[str, tuple[int, int]]


def negatives(source: Source, seed: int = 70) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """@returns streams of features: synthetic speech and noise; real speech in its repetitions"""
    rng = np.random.default_rng(seed)
    made, real = [], []
    for name in ("sentences", "word-groups"):
        clips = source.others[name]
        made += [scenes.other_scene(sound, source.material, rng) for sound in clips]
    made += [scenes.noise_scene(source.material, rng) for _ in range(900)]
    for sound in source.others.get("real-speech", []):
        real.append(log_mel(sound))
        real += [scenes.other_scene(sound, source.material, rng) for _ in range(REPEATS)]
    return made, real


def choose(network: nn.Module, labels: list[str], offered: list[str], source: Source) -> Chosen:
    made, real = negatives(source)
    score = stream.scores(network, np.concatenate(made))
    real_score = stream.scores(network, np.concatenate(real)) if real else np.zeros((1, len(labels) + 1))
    hours, real_hours = (len(of) * stream.HOP_MS / 3.6e6 for of in (score, real_score))
    peaks = {label: stream.peaks(score[:, labels.index(label)]) for label in offered}
    thresholds = spend(peaks, int(PER_HOUR * hours))
    for label in offered:
        heard = stream.peaks(real_score[:, labels.index(label)])
        needed = extrapolated(heard, real_hours, PER_HOUR / len(offered))
        print(f"{label}: synthetic {peaks[label][:6].round(3)} -> {thresholds[label]:.3f}")
        print(f"{label}: real {heard[:4].round(3)} -> {needed:.3f}", flush=True)
        thresholds[label] = float(np.round(np.clip(max(thresholds[label], needed), LEAST, MOST), 3))
    found = {}
    for label in offered:
        words = [word for word in source.words[label] if word.real]
        hit = [is_found(network, labels, thresholds, word, label) for word in words]
        found[label] = (sum(hit), len(hit))
    return Chosen(thresholds, hours, real_hours, found)


def spend(peaks: dict[str, np.ndarray], allowed: int) -> dict[str, float]:
    """
    Thresholds a hundredth over the highest score of each label, and then one false alarm after the other is allowed where
    it lowers a threshold most.
    """
    alarms = dict.fromkeys(peaks, 0)
    padded = {label: np.pad(scores, (0, allowed + 1)) for label, scores in peaks.items()}
    for _ in range(allowed):
        best = max(alarms, key=lambda label: padded[label][alarms[label]] - padded[label][alarms[label] + 1])
        alarms[best] += 1
    return {label: float(padded[label][alarms[label]]) + 0.01 for label in peaks}


def extrapolated(peaks: np.ndarray, hours: float, rate: float) -> float:
    """
    The score that peaks reach `rate` times an hour, when the log odds of the highest TAIL of them fall exponentially
    (peaks over a threshold, with shape 0).
    """
    if len(peaks) <= TAIL:
        return 0.0
    odds = np.log(peaks[: TAIL + 1] / (1 - np.minimum(peaks[: TAIL + 1], 0.9999)))
    beta = float(np.mean(odds[:TAIL] - odds[TAIL]))
    return float(1 / (1 + np.exp(-(odds[TAIL] + beta * np.log(TAIL / (hours * rate))))))


def is_found(network: nn.Module, labels: list[str], thresholds: dict[str, float], word: scenes.Word, label: str) -> bool:
    said = rehearsal.said(word, label, np.random.default_rng(71))
    return bool(hits(said, stream.scores(network, said.frames)[:, labels.index(label)], thresholds[label]))


def hits(said: rehearsal.Said, score: np.ndarray, threshold: float) -> list[float]:
    """Triggers during the word or at most 0.8 s later: seconds from the end of the word to the end of the window."""
    ends = [stream.end_sample(window) for window in stream.triggers(score, threshold)]
    return [(end - said.end) / scenes.RATE for end in ends if said.begin < end < said.end + 0.8 * scenes.RATE]
