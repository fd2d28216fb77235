"""Many short recordings in one file, and where a word begins and ends in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 16000
FRAME = RATE // 100


@dataclass
class Clips:
    """16-bit samples of all clips behind each other; clip i is samples[offsets[i] : offsets[i + 1]]."""

    samples: np.ndarray
    offsets: np.ndarray
    texts: np.ndarray
    voices: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> np.ndarray:
        """@returns float32 in -1..1"""
        return self.samples[self.offsets[i] : self.offsets[i + 1]].astype(np.float32) / 32768

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[i] for i in range(len(self)))

    @property
    def hours(self) -> float:
        return len(self.samples) / RATE / 3600

    def save(self, file: Path) -> None:
        np.savez(file, samples=self.samples, offsets=self.offsets, texts=self.texts, voices=self.voices)

    @staticmethod
    def load(file: Path) -> "Clips":
        with np.load(file) as stored:
            return Clips(*(stored[name] for name in ("samples", "offsets", "texts", "voices")))

    @staticmethod
    def of(sounds: list[np.ndarray], texts: list[str], voices: list[str]) -> "Clips":
        """@param sounds float in -1..1"""
        lengths = [len(sound) for sound in sounds]
        samples = np.concatenate([to_int16(sound) for sound in sounds]) if sounds else np.zeros(0, np.int16)
        return Clips(samples, np.cumsum([0, *lengths]), np.array(texts), np.array(voices))


def to_int16(sound: np.ndarray) -> np.ndarray:
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16)


def speech_bounds(sound: np.ndarray, below_peak: float = 32, above_noise: float = 9, quiet: float = 30) -> tuple[int, int]:
    """
    First and last sample of the speech in a recording of one word: frames of 10 ms (smoothed over 30 ms) that are at most
    `below_peak` dB under the loudest and at least `above_noise` dB over the quietest `quiet` per cent; a burst of less than
    50 ms that stands alone is a click.
    """
    frames = len(sound) // FRAME
    if frames < 5:
        return 0, len(sound)
    power = np.mean(sound[: frames * FRAME].reshape(frames, FRAME).astype(np.float64) ** 2, axis=1)
    level = 10 * np.log10(np.convolve(power, np.ones(3) / 3, mode="same") + 1e-10)
    limit = max(level.max() - below_peak, min(np.percentile(level, quiet) + above_noise, level.max() - 14))
    active = np.flatnonzero(level >= limit)
    runs = np.split(active, np.flatnonzero(np.diff(active) > 12) + 1)
    loud = [run for run in runs if len(run) >= 5] or runs
    return int(loud[0][0] * FRAME), int(min(len(sound), (loud[-1][-1] + 1) * FRAME))
