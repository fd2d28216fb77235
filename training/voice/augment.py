"""What happens to speech between a mouth and a microphone: rooms, noise, bad microphones, levels."""

import numpy as np

RATE = 16000


def speed(sound: np.ndarray, factor: float) -> np.ndarray:
    """Faster (above 1) and higher, or slower and lower."""
    return np.interp(np.arange(0, len(sound) - 1, factor), np.arange(len(sound)), sound).astype(np.float32)


def room(rng: np.random.Generator) -> np.ndarray:
    """
    An impulse response: the direct sound, some early reflections, and noise that decays by 60 dB in 0.1 to 0.8 s, which
    high frequencies do faster.
    """
    decay = rng.uniform(0.1, 0.8)
    n = int(min(decay, 0.6) * RATE)
    t = np.arange(n) / RATE
    tail = rng.normal(size=n) * 10 ** (-3 * t / decay)
    dull = rng.uniform(0.2, 0.8)
    for i in range(1, 3):
        tail[i:] = (1 - dull) * tail[i:] + dull * tail[:-i]
    tail[: int(rng.uniform(0.002, 0.015) * RATE)] = 0
    early = np.zeros(n)
    places = rng.integers(RATE // 1000, RATE * 40 // 1000, size=rng.integers(3, 12))
    early[np.minimum(places, n - 1)] = rng.normal(size=len(places)) * 10 ** (-places / RATE / 0.04)
    ratio = 10 ** (rng.uniform(-4, 18) / 20)
    reflected = tail + early * np.sqrt(np.sum(tail**2) + 1e-9) / 2
    reflected *= 1 / (ratio * np.sqrt(np.sum(reflected**2) + 1e-9))
    reflected[0] += 1
    return reflected.astype(np.float32)


def response(rng: np.random.Generator, bins: int) -> np.ndarray:
    """Of a microphone: a smooth curve of some dB, at times with the low or the high end missing. @returns [bins] factors"""
    hz = np.linspace(0, RATE / 2, bins)
    points = rng.normal(scale=rng.uniform(0, 5), size=7)
    decibel = np.interp(np.log2(hz + 60), np.linspace(np.log2(60), np.log2(8060), 7), points)
    decibel += rng.uniform(-3, 3) * np.log2((hz + 60) / 1000)
    if rng.random() < 0.5:
        decibel -= 10 * np.log10(1 + (rng.uniform(60, 350) / (hz + 1)) ** 4)
    if rng.random() < 0.4:
        decibel -= 10 * np.log10(1 + (hz / rng.uniform(2800, 7500)) ** 8)
    return 10 ** (np.maximum(decibel, -60) / 20)


def through(sound: np.ndarray, impulse: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    """A sound in a room, through a microphone. @returns as long as it was"""
    n = len(sound)
    size = 1 << int(np.ceil(np.log2(n + (0 if impulse is None else len(impulse)) + 512)))
    spectrum = np.fft.rfft(sound, size)
    if impulse is not None:
        spectrum *= np.fft.rfft(impulse, size)
    return np.fft.irfft(spectrum * response(rng, size // 2 + 1), size)[:n].astype(np.float32)


def coloured(rng: np.random.Generator, n: int) -> np.ndarray:
    """White, pink, brown and between, with a bump somewhere, and slowly louder and quieter."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    hz = np.fft.rfftfreq(n, 1 / RATE) + 20
    shape = hz ** rng.uniform(-1.3, 0.3)
    if rng.random() < 0.5:
        centre, width = np.exp(rng.uniform(np.log(100), np.log(6000))), rng.uniform(0.2, 1.5)
        shape *= 1 + rng.uniform(1, 12) * np.exp(-((np.log2(hz / centre) / width) ** 2))
    noise = np.fft.irfft(spectrum * shape, n)
    t = np.arange(n) / RATE
    if rng.random() < 0.5:
        noise *= 1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * (rng.uniform(0.2, 12) * t + rng.random()))
    return noise


def tones(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hum, beeps and something like music: notes with overtones."""
    t = np.arange(n) / RATE
    kind = rng.integers(3)
    if kind == 0:
        base = rng.choice((50.0, 60.0, 100.0)) * rng.uniform(0.98, 1.02)
        return sum(rng.random() / k * np.sin(2 * np.pi * (base * k * t + rng.random())) for k in range(1, 14))
    sound = np.zeros(n)
    at = 0
    while at < n:
        length = int(rng.uniform(0.08, 0.7) * RATE)
        if rng.random() < 0.8:
            voices = 1 if kind == 1 else rng.integers(1, 5)
            piece = slice(at, min(n, at + length))
            s = t[: piece.stop - at]
            envelope = np.exp(-s * rng.uniform(0, 8)) * np.minimum(1, s / 0.01)
            for _ in range(voices):
                base = 440 * 2 ** (rng.integers(-24, 24) / 12) * (1 if kind == 2 else rng.uniform(1, 4))
                vibrato = rng.uniform(0, 0.01) * np.sin(2 * np.pi * 5 * s)
                slope = rng.uniform(0.5, 2.5)
                for k in range(1, 9):
                    if base * k < RATE / 2.2:
                        sound[piece] += envelope * k**-slope * np.sin(2 * np.pi * base * k * (s + vibrato / 30))
        at += int(length * rng.uniform(0.5, 1.3))
    return sound


def clicks(rng: np.random.Generator, n: int) -> np.ndarray:
    """Knocks, keys, dishes: short ringing bursts."""
    sound = np.zeros(n + RATE)
    for at in rng.integers(0, n, size=rng.integers(1, 3 + n // 4000)):
        length = int(rng.uniform(0.003, 0.25) * RATE)
        t = np.arange(length) / RATE
        burst = rng.normal(size=length) * rng.random()
        for _ in range(rng.integers(1, 5)):
            burst += rng.random() * np.sin(2 * np.pi * np.exp(rng.uniform(np.log(150), np.log(7000))) * t)
        sound[at : at + length] += rng.random() * burst * np.exp(-t * rng.uniform(10, 200))
    return sound[:n]


def mix(sound: np.ndarray, noise: np.ndarray, decibel: float, level: float | None = None) -> np.ndarray:
    """
    @param decibel how far the noise lies below the sound
    @param level root mean square of the sound; of the whole of it, when it is not given
    """
    rms = np.sqrt(np.mean(sound**2)) if level is None else level
    noise_rms = np.sqrt(np.mean(noise**2)) + 1e-9
    return sound + noise * (rms / noise_rms * 10 ** (-decibel / 20))


def record(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Level, offset, clipping and 16 bits of a microphone."""
    peak = np.abs(sound).max() + 1e-9
    if rng.random() < 0.06:
        sound = np.clip(sound, -peak * rng.uniform(0.15, 0.7), peak * rng.uniform(0.15, 0.7))
    sound = sound / peak * 10 ** (rng.uniform(-38, 0) / 20)
    if rng.random() < 0.08:
        sound = sound + rng.uniform(-0.1, 0.1)
    return (np.clip(np.round(sound * 32768), -32768, 32767) / 32768).astype(np.float32)
