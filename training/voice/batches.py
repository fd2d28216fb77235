"""Batches of windows out of the bank, each one changed a little."""

import numpy as np
import torch

from bank import Bank
from features import BANDS, FRAMES
from scenes import WORD_END

# Frames from the end of the word to the end of the window: 20 ms before to 380 ms after.
LATENCY = (-2, 38)
# How often a window without a keyword comes out of each set, before those that the network got wrong.
SHARES = {
    "near-words": 20,
    "word-groups": 20,
    "sentences": 24,
    "real-speech": 24,
    "own-speech": 30,
    "spliced": 14,
    "parts": 16,
    "noise": 12,
}
HARD = 0.25
# How often a keyword is a recording instead of synthetic, where there are some.
REAL = 0.5


class Batches:
    """@param offered labels that are drawn twice as often as the others, which are there to be told apart"""

    def __init__(self, bank: Bank, labels: list[str], offered: list[str], size: int, seed: int):
        self.bank = bank
        self.labels = labels
        self.size = size
        self.rng = np.random.default_rng(seed)
        weights = np.array([2.0 if label in offered else 1.0 for label in labels])
        self.weights = weights / weights.sum()
        there = {name: np.flatnonzero(bank.sets == name) for name in SHARES}
        self.sets = [(where, SHARES[name]) for name, where in there.items() if len(where)]
        # First frames of windows that looked like a keyword.
        self.hard = np.zeros(0, np.int64)

    def next(self) -> tuple[torch.Tensor, torch.Tensor]:
        """@returns log-mel [size, 120, 40] and classes [size]"""
        positive = int(self.size * 0.42)
        classes = np.full(self.size, len(self.labels))
        classes[:positive] = self.rng.choice(len(self.labels), size=positive, p=self.weights)
        windows = np.empty((self.size, FRAMES, BANDS), np.float32)
        for i in range(positive):
            windows[i] = self._keyword(self.labels[classes[i]])
        for i in range(positive, self.size):
            windows[i] = self._other()
        return torch.from_numpy(masked(warped(windows, self.rng), self.rng)), torch.from_numpy(classes)

    def _keyword(self, label: str) -> np.ndarray:
        real = self.bank.real.get(label)
        scenes = real if real is not None and self.rng.random() < REAL else self.bank.synthetic[label]
        scene = scenes[self.rng.integers(len(scenes))]
        end = WORD_END + self.rng.integers(*LATENCY)
        return stretched(scene, end - FRAMES, self.rng, backwards=True)

    def _other(self) -> np.ndarray:
        if len(self.hard) and self.rng.random() < HARD:
            at = self.hard[self.rng.integers(len(self.hard))] + self.rng.integers(-4, 5)
            at = min(max(at, 0), len(self.bank.frames) - FRAMES)
            return self.bank.frames[at : at + FRAMES]
        shares = np.array([share for _, share in self.sets])
        where = self.sets[self.rng.choice(len(self.sets), p=shares / shares.sum())][0]
        scene = where[self.rng.integers(len(where))]
        first, last = self.bank.offsets[scene], self.bank.offsets[scene + 1]
        return stretched(self.bank.frames[first:last], int(self.rng.integers(last - first - FRAMES + 1)), self.rng)


def stretched(scene: np.ndarray, first: int, rng: np.random.Generator, backwards: bool = False) -> np.ndarray:
    """A window whose time runs up to a tenth faster or slower, from its beginning or, `backwards`, from its end."""
    rate = rng.uniform(0.9, 1.1)
    steps = np.arange(FRAMES) * rate
    places = np.clip(first + (FRAMES - 1 - steps[::-1] if backwards else steps), 0, len(scene) - 1)
    low = places.astype(int)
    high = np.minimum(low + 1, len(scene) - 1)
    part = (places - low)[:, None].astype(np.float32)
    return scene[low] * (1 - part) + scene[high] * part


def warped(windows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As if spoken with a throat up to 8 % longer or shorter: the bands move."""
    places = np.clip(np.arange(BANDS) * rng.uniform(0.92, 1.08, size=(len(windows), 1)), 0, BANDS - 1)
    low = places.astype(int)
    high = np.minimum(low + 1, BANDS - 1)
    part = (places - low)[:, None].astype(np.float32)
    return np.take_along_axis(windows, low[:, None], 2) * (1 - part) + np.take_along_axis(windows, high[:, None], 2) * part


def masked(windows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """SpecAugment: in half of the windows some frames and some bands are at their mean, which the network takes for nothing."""
    for window in windows:
        if rng.random() < 0.5:
            continue
        mean = window.mean(axis=0)
        at, length = rng.integers(FRAMES), rng.integers(1, 13)
        window[at : at + length] = mean
        band, width = rng.integers(BANDS), rng.integers(1, 7)
        window[:, band : band + width] = mean[band : band + width]
    return windows

