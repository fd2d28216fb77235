"""Reference values of the blocks Spectrogram, MFE, MFCC (Edge Impulse's definitions) and Log-mel, from numpy, scipy and librosa.

    python3 -m venv venv && venv/bin/pip install numpy scipy librosa
    venv/bin/python test/golden/blocks/make_audio.py

writes audio.json beside this file.
"""

import json
from pathlib import Path

import librosa
import numpy as np
import scipy
from scipy.fft import dct
from scipy.signal import get_window

RATE = 16000
rng = np.random.default_rng(7)
t = np.arange(3200) / RATE
pcm = np.round(
    6000 * np.sin(2 * np.pi * (200 * t + 9000 * t**2)) + 1500 * np.sin(2 * np.pi * 3100 * t) + 150 * rng.normal(size=t.size)
).astype(np.int16)
x = pcm / 32768


# Log-mel as in TensorFlow: tf.signal.stft, linear_to_mel_weight_matrix, mfccs_from_log_mel_spectrograms.
def tensorflow_mel(length, stride, fft, bands, low, high):
    frames = np.stack([x[i : i + length] for i in range(0, x.size - length + 1, stride)])
    spectrum = np.abs(np.fft.rfft(frames * get_window("hann", length), fft))
    mel = lambda hz: 1127.0 * np.log(1.0 + hz / 700.0)
    edges = np.linspace(mel(low), mel(high), bands + 2)
    bins = mel(np.linspace(0, RATE / 2, fft // 2 + 1)[1:])[:, None]
    up = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    matrix = np.pad(np.maximum(0, np.minimum(up, down)), [[1, 0], [0, 0]])
    return np.log(spectrum @ matrix + 1e-6)


def librosa_mel(n_fft, hop, bands, *, win_length=None, window="hann", center=False, pad_mode="constant", power=2.0, **mel):
    spectrum = np.abs(
        librosa.stft(
            x, n_fft=n_fft, hop_length=hop, win_length=win_length, window=window, center=center, pad_mode=pad_mode
        )
    )
    bank = librosa.filters.mel(sr=RATE, n_fft=n_fft, n_mels=bands, dtype=np.float64, **mel)
    return (bank @ spectrum**power).T


decibels = lambda s: librosa.power_to_db(s, ref=1.0, amin=1e-10, top_db=None)
keyword = tensorflow_mel(480, 320, 512, 40, 20, 4000)
LIBROSA = {
    "frameLength": 512 / RATE,
    "frameStride": 160 / RATE,
    "alignment": "centre",
    "spectrum": "power",
    "lowFrequency": 0,
    "highFrequency": 0,
    "melScale": "Slaney",
    "triangles": "Hz",
    "normalisation": "Slaney",
    "logarithm": "none",
}
DB = {"logarithm": "dB", "offset": 0, "floor": 1e-10}
speech = decibels(librosa_mel(512, 160, 20))
log_mel = [
    ("MLPerf Tiny keywords, 40 bands", {}, keyword),
    (
        "MLPerf Tiny keywords, 10 coefficients",
        {"coefficients": 10, "cepstrum": "HTK"},
        dct(keyword, type=2)[:, :10] / np.sqrt(2 * 40),
    ),
    ("orthonormal coefficients", {"coefficients": 12}, dct(keyword, type=2, norm="ortho")[:, :12]),
    ("librosa melspectrogram", {**LIBROSA, "bands": 24}, librosa_mel(512, 160, 24)),
    ("librosa, dB", {**LIBROSA, **DB, "bands": 20}, speech),
    (
        "librosa mfcc",
        {**LIBROSA, **DB, "bands": 20, "coefficients": 13},
        librosa.feature.mfcc(S=speech.T, n_mfcc=13).T,
    ),
    (
        "librosa, centred on zeros, Hamming",
        {**LIBROSA, "bands": 10, "padding": "zeros", "taper": "hamming"},
        librosa_mel(512, 160, 10, center=True, window="hamming"),
    ),
    (
        "torch's defaults: reflected, HTK, frame shorter than the FFT",
        {
            **LIBROSA,
            "bands": 12,
            "frameLength": 0.025,
            "padding": "reflect",
            "melScale": "HTK",
            "normalisation": "none",
        },
        librosa_mel(512, 160, 12, win_length=400, center=True, pad_mode="reflect", htk=True, norm=None),
    ),
    (
        "librosa, magnitude in dB, 80 to 7600 Hz",
        {**LIBROSA, **DB, "floor": 1e-5, "bands": 10, "spectrum": "magnitude", "lowFrequency": 80, "highFrequency": 7600},
        librosa.amplitude_to_db(librosa_mel(512, 160, 10, power=1.0, fmin=80, fmax=7600), ref=1.0, amin=1e-5, top_db=None),
    ),
    (
        "MLPerf Tiny anomaly detection",
        {
            **LIBROSA,
            "bands": 128,
            "frameLength": 1024 / RATE,
            "frameStride": 512 / RATE,
            "fftLength": 1024,
            "padding": "zeros",
            "logarithm": "dB",
            "offset": float(np.finfo(float).eps),
        },
        10 * np.log10(librosa_mel(1024, 512, 128, center=True) + np.finfo(float).eps),
    ),
]


# Edge Impulse's definitions, by hand.
def frames_of(y, length, stride):
    return np.stack([y[i : i + length] for i in range(0, y.size - length + 1, stride)])


def power(y, length, stride, fft):
    return np.abs(np.fft.rfft(frames_of(y, length, stride), fft)) ** 2 / fft


def emphasis(y, factor):
    return y - factor * np.r_[y[-1], y[:-1]]


def bank(filters, fft, low, high, version):
    mel = np.linspace(*(1127 * np.log(1 + np.array([low, high]) / 700)), filters + 2)
    hz = 700 * (np.exp(mel / 1127) - 1)
    hz[-1] -= 0.001
    places = np.floor(((fft if version == 4 else fft // 2 + 1) + 1) * hz / RATE).astype(int)
    rows = np.zeros((filters, fft // 2 + 1))
    for row, (a, b, c) in zip(rows, zip(places, places[1:], places[2:])):
        for k in range(a, c + 1):
            row[k] = 1 if k == b else max(0, (k - a) / (b - a) if k < b else (c - k) / (c - b))
    return rows


def scaled(p, floor):
    return (10 * np.log10(np.maximum(p, 1e-30)) - floor) / (12 - floor)


def normalised(c, width):
    pad = ((width // 2, width // 2), (0, 0))
    windows = lambda a: np.stack([np.pad(a, pad, "symmetric")[i : i + width] for i in range(len(a))])
    centred = (c - windows(c).mean(axis=1)).astype(np.float32).astype(float)
    return centred / (windows(centred).std(axis=1) + 1e-10)


def mfcc(factor, length, stride, fft, filters, count, low, high, version):
    p = power(emphasis(pcm.astype(float), factor), length, stride, fft)
    c = dct(np.log(p @ bank(filters, fft, low, high, version).T), type=2, norm="ortho")[:, :count]
    c[:, 0] = np.log(p.sum(axis=1))
    return c


def mfe(length, stride, fft, filters, low, high, floor, version):
    p = power(emphasis(x, 0.98), length, stride, fft)
    value = np.clip(scaled(p @ bank(filters, fft, low, high, version).T, floor), 0, 255 / 256)
    return np.round(value * 256) / 256


edge_impulse = [
    ("spectrogram", "±1", {"scale": 2**-15, "frameStride": 0.02, "fftLength": 64, "noiseFloor": -60}, np.maximum(0, scaled(power(x, 320, 320, 64), -60))),
    ("spectrogram", "16 bits", {"frameStride": 0.02}, np.maximum(0, scaled(power(pcm.astype(float), 320, 320, 128), -52))),
    ("spectrogram", "16 bits, version 3", {"frameStride": 0.02, "implementation": "3"}, np.clip(scaled(power(x, 320, 320, 128), -52), 0, 1)),
    ("mfe", "as it stands", {"fftLength": 512}, mfe(320, 160, 512, 40, 0, 8000, -52, 4)),
    ("mfe", "version 3", {"fftLength": 512, "filters": 24, "implementation": "3"}, mfe(320, 160, 512, 24, 0, 8000, -52, 3)),
    ("mfe", "300 to 4000 Hz", {"fftLength": 512, "frameLength": 0.032, "frameStride": 0.016, "filters": 20, "lowFrequency": 300, "highFrequency": 4000, "noiseFloor": -72}, mfe(512, 256, 512, 20, 300, 4000, -72, 4)),
    ("mfcc", "without normalisation", {"fftLength": 512, "normalisationWindow": 0}, mfcc(0.98, 320, 320, 512, 32, 13, 0, 8000, 4)),
    ("mfcc", "normalised over more than there is", {"fftLength": 512}, normalised(mfcc(0.98, 320, 320, 512, 32, 13, 0, 8000, 4), 101)),
    ("mfcc", "normalised over 5 frames, version 3", {"fftLength": 512, "normalisationWindow": 5, "implementation": "3"}, normalised(mfcc(0.98, 320, 320, 512, 32, 13, 0, 8000, 3), 5)),
    ("mfcc", "without pre-emphasis", {"fftLength": 512, "preEmphasis": 0, "coefficients": 20, "filters": 26, "lowFrequency": 80, "highFrequency": 7600, "frameLength": 0.03, "normalisationWindow": 0}, mfcc(0, 480, 320, 512, 26, 20, 80, 7600, 4)),
]  # fmt: skip


def case(name, options, values, **more):
    return {
        **more,
        "name": name,
        "options": options,
        "shape": list(values.shape),
        "features": [float(f"{v:.8g}") for v in values.ravel()],
    }


out = {
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "librosa": librosa.__version__,
    "rate": RATE,
    "pcm": pcm.tolist(),
    "logMel": [case(*one) for one in log_mel],
    "edgeImpulse": [case(*one[1:], block=one[0]) for one in edge_impulse],
}
Path(__file__).with_name("audio.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
