"""Scenes as a microphone hears them: something said, with other sounds before, behind and below it."""

from dataclasses import dataclass

import numpy as np

import augment
from clips import Clips
from features import FRAME, STRIDE, log_mel

RATE = 16000
# Frames of a keyword's scene, and the frame in which the word ends.
SCENE = 168
WORD_END = 126


@dataclass
class Material:
    """What scenes are made of."""

    # Everyday speech, synthetic and real: comes before, behind and below.
    speech: list[Clips]
    # Recorded noise; may be none.
    noise: list[np.ndarray]
    rooms: list[np.ndarray]

    def some_speech(self, rng: np.random.Generator, n: int) -> np.ndarray:
        clips = self.speech[rng.integers(len(self.speech))]
        sound = clips[rng.integers(len(clips))]
        return piece(sound, n, rng)

    def some_room(self, rng: np.random.Generator) -> np.ndarray:
        return self.rooms[rng.integers(len(self.rooms))]

    def some_noise(self, rng: np.random.Generator, n: int) -> np.ndarray:
        kind = rng.random()
        if kind < 0.3:
            return augment.coloured(rng, n)
        if kind < 0.42:
            return augment.tones(rng, n)
        if kind < 0.54:
            return augment.clicks(rng, n) + 0.02 * augment.coloured(rng, n)
        if kind < 0.76:
            return sum(self.some_speech(rng, n) for _ in range(rng.integers(2, 7)))
        if kind < 0.86 or not self.noise:
            return self.some_speech(rng, n)
        return piece(self.noise[rng.integers(len(self.noise))], n, rng)


def piece(sound: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """n samples from somewhere in a sound, which begins anew when it is shorter."""
    if len(sound) < n:
        sound = np.tile(sound, n // len(sound) + 1)
    at = rng.integers(len(sound) - n + 1)
    return sound[at : at + n]


@dataclass
class Word:
    """A keyword in its recording: the samples of it that are speech, and perhaps the noise of a room around them."""

    sound: np.ndarray
    first: int
    last: int
    real: bool

    def part(self, begin: float, end: float) -> np.ndarray:
        """Some of the speech; 0 is its beginning, 1 its end."""
        length = self.last - self.first
        return self.sound[self.first + int(begin * length) : self.first + int(end * length)]


def keyword_scene(word: Word, material: Material, rng: np.random.Generator) -> np.ndarray:
    """A keyword whose speech ends in frame WORD_END. @returns [SCENE, 40]"""
    # The engines speak faster than people call a device.
    factor = float(np.exp(rng.uniform(np.log(0.84 if word.real else 0.74), np.log(1.2 if word.real else 1.12))))
    n = FRAME + (SCENE - 1) * STRIDE
    end = WORD_END * STRIDE + FRAME // 2
    recording = augment.speed(word.sound, factor)
    first, last = int(word.first / factor), int(word.last / factor)
    level = np.sqrt(np.mean(recording[first:last] ** 2)) + 1e-6
    sound = np.zeros(n, np.float32)
    at = end - last
    source = recording[max(0, -at) : max(0, n - at)]
    sound[max(0, at) : max(0, at) + len(source)] = source
    begin = at + first
    if rng.random() < 0.3 and begin > 1600:
        before = material.some_speech(rng, max(1, begin - int(rng.uniform(0.02, 0.4) * RATE)))
        sound[: len(before)] += scaled(before, level * 10 ** (rng.uniform(-6, 3) / 20))
    if rng.random() < 0.35:
        start = end + int(rng.uniform(0.05, 0.4) * RATE)
        if start < n:
            sound[start:] += scaled(material.some_speech(rng, n - start), level * 10 ** (rng.uniform(-6, 3) / 20))
    # A recording has a room already.
    impulse = material.some_room(rng) if rng.random() < (0.4 if word.real else 0.65) else None
    sound = augment.through(sound, impulse, rng)
    # A whisper of noise is everywhere: digital silence around a word would give it away.
    sound = augment.mix(sound, augment.coloured(rng, n), rng.uniform(28, 60), level)
    if rng.random() < 0.72:
        sound = augment.mix(sound, material.some_noise(rng, n), rng.uniform(-2, 32), level)
    return log_mel(augment.record(sound, rng))


def scaled(sound: np.ndarray, rms: float) -> np.ndarray:
    return sound * (rms / (np.sqrt(np.mean(sound**2)) + 1e-9))


def other_scene(sound: np.ndarray, material: Material, rng: np.random.Generator) -> np.ndarray:
    """Speech that holds no keyword, of any length, with a little silence around it. @returns [frames, 40]"""
    sound = augment.speed(sound, float(np.exp(rng.uniform(np.log(0.8), np.log(1.25)))))
    padding = rng.integers(0, RATE, size=2)
    least = FRAME + 125 * STRIDE
    sound = np.pad(sound, (padding[0], max(padding[1], least - len(sound) - padding[0])))
    n = len(sound)
    level = np.sqrt(np.mean(sound**2)) + 1e-6
    impulse = material.some_room(rng) if rng.random() < 0.5 else None
    sound = augment.through(sound, impulse, rng)
    sound = augment.mix(sound, augment.coloured(rng, n), rng.uniform(25, 60), level)
    if rng.random() < 0.5:
        sound = augment.mix(sound, material.some_noise(rng, n), rng.uniform(-2, 32), level)
    return log_mel(augment.record(sound, rng))


def noise_scene(material: Material, rng: np.random.Generator, seconds: float = 4) -> np.ndarray:
    n = int(seconds * RATE)
    sound = augment.coloured(rng, n)
    for _ in range(rng.integers(0, 3)):
        sound = augment.mix(sound, material.some_noise(rng, n), rng.uniform(-25, 10))
    return log_mel(augment.record(sound, rng))


def spliced(clips: list[np.ndarray], rng: np.random.Generator, seconds: float = 3) -> np.ndarray:
    """Pieces of 0.08 to 0.5 s of real speech behind each other, some backwards: real voices, sounds in no known order."""
    pieces, length = [], 0
    clip = clips[rng.integers(len(clips))]
    while length < seconds * RATE:
        if rng.random() < 0.3:
            clip = clips[rng.integers(len(clips))]
        part = piece(clip, int(rng.uniform(0.08, 0.5) * RATE), rng).copy()
        if rng.random() < 0.25:
            part = part[::-1].copy()
        fade = min(len(part) // 4, 80)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        part[:fade] *= ramp
        part[-fade:] *= ramp[::-1]
        pieces.append(scaled(part, 0.1))
        length += len(part)
    return np.concatenate(pieces)
