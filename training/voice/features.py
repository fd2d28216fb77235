"""The log-mel features of edge-features, sample for sample: 25 ms frames each 10 ms, 40 bands from 60 to 7600 Hz."""

import numpy as np

RATE = 16000
FRAME = 400
STRIDE = 160
FFT = 512
BANDS = 40
LOW, HIGH = 60.0, 7600.0
OFFSET = 1e-6

# Frames of a window, and its samples: 1.215 s.
FRAMES = 120
WINDOW = FRAME + (FRAMES - 1) * STRIDE

# As the recipe of a model says it, in the order that edge-features writes.
BLOCK = {
    "scale": 1,
    "frameLength": 0.025,
    "frameStride": 0.01,
    "fftLength": FFT,
    "taper": "hann",
    "alignment": "start",
    "padding": "none",
    "spectrum": "power",
    "bands": BANDS,
    "lowFrequency": 60,
    "highFrequency": 7600,
    "melScale": "HTK",
    "triangles": "mel",
    "normalisation": "none",
    "logarithm": "ln",
    "offset": OFFSET,
    "floor": 0,
    "coefficients": 0,
    "cepstrum": "orthonormal",
}


def mel(hz: np.ndarray | float) -> np.ndarray:
    """HTK."""
    return 1127 * np.log1p(np.asarray(hz) / 700)


def mel_bank() -> np.ndarray:
    """Triangles that are straight over mel, of height 1; bin 0 is in none. @returns [257, 40]"""
    points = np.linspace(mel(LOW), mel(HIGH), BANDS + 2)
    bins = mel(np.arange(FFT // 2 + 1) * RATE / FFT)
    left, peak, right = points[:-2], points[1:-1], points[2:]
    rising = (bins[:, None] - left) / (peak - left)
    falling = (right - bins[:, None]) / (right - peak)
    bank = np.maximum(0, np.minimum(rising, falling))
    bank[0] = 0
    return bank.astype(np.float32)


TAPER = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
BANK = mel_bank()


def log_mel(samples: np.ndarray) -> np.ndarray:
    """@param samples [n], from 400 @returns float32 [1 + (n - 400) // 160, 40]"""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), FRAME)[::STRIDE]
    spectrum = np.fft.rfft(frames * TAPER, FFT)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.log(power @ BANK + np.float32(OFFSET))
