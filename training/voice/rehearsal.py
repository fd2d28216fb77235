"""Streams of sound with known words in them: what thresholds are chosen on, and what the figures are measured on."""

from dataclasses import dataclass

import numpy as np

import augment
from features import log_mel
from scenes import Word, piece

RATE = 16000
BEFORE, AFTER = int(1.6 * RATE), int(1.2 * RATE)


@dataclass
class Said:
    """One recording of a keyword in a stream of its own."""

    label: str
    frames: np.ndarray
    # First sample of the word, and the first one after it.
    begin: int
    end: int


def said(word: Word, label: str, rng: np.random.Generator, noise: np.ndarray | None = None, decibel: float = 10) -> Said:
    """
    A recording with a quiet room before and after it.
    @param noise under all of it; `decibel` below the speech, both as root mean squares
    """
    level = np.sqrt(np.mean(word.sound[word.first : word.last] ** 2))
    sound = np.concatenate([np.zeros(BEFORE, np.float32), word.sound, np.zeros(AFTER, np.float32)])
    sound = augment.mix(sound, rng.normal(size=len(sound)), 60, level)
    if noise is not None:
        sound = augment.mix(sound, piece(noise, len(sound), rng), decibel, level)
    sound = sound * (0.25 / np.abs(sound).max())
    return Said(label, log_mel(np.round(sound * 32768) / 32768), BEFORE + word.first, BEFORE + word.last)


def continuous(sounds: list[np.ndarray], rng: np.random.Generator, gap: float = 0.3) -> np.ndarray:
    """Recordings at one level behind each other, with short pauses of a quiet room. @returns samples"""
    parts = []
    for sound in sounds:
        rms = np.sqrt(np.mean(sound**2)) + 1e-6
        parts += [sound * (0.05 / rms), np.zeros(int(rng.uniform(0.05, gap) * RATE), np.float32)]
    whole = np.concatenate(parts)
    return np.clip(whole + rng.normal(size=len(whole)) * 2e-5, -1, 1).astype(np.float32)
