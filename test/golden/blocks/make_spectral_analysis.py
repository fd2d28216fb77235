"""Reference values of the spectral analysis block and of the wavelet transform, from numpy, scipy and PyWavelets.

    python3 -m venv venv && venv/bin/pip install numpy scipy PyWavelets
    venv/bin/python test/golden/blocks/make_spectral_analysis.py

writes spectral-analysis.json and wavelet.json beside this file. The steps are those of Edge Impulse's block, in float64
but for its input, its filter's coefficients and its wavelet transform, which are float32.
"""

import json
from pathlib import Path

import numpy as np
import pywt
import scipy
from scipy import signal, stats

rng = np.random.default_rng(31)
RATE = 100.0


def shape(x):
    constant = x.min() == x.max()
    return [0.0, 0.0] if constant else [float(stats.skew(x)), float(stats.kurtosis(x))]


def decimate(x, ratio):
    for stage in {1: [], 3: [3], 10: [10], 30: [3, 10], 100: [10, 10]}[ratio]:
        sos = signal.cheby1(8, 0.05, 0.8 / stage, output="sos")
        x = signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0][::stage]
    return x


def spectrum(x, rate, o):
    n = o["fftLength"]
    hop = n // 2 if o["overlap"] else n
    frames = [np.pad(x[i : i + n], (0, max(0, n - len(x[i : i + n])))) for i in range(0, len(x) + 1, hop)]
    power = np.max([signal.periodogram(f, fs=1, window="boxcar", detrend=False, scaling="density")[1] for f in frames], 0)
    # A one-sided density holds both halves: every bin twice, but the first and the last.
    power[1:-1] /= 2
    out = [float(np.sqrt(np.mean(x**2))), *shape(x)]
    if o["implementation"] == 4:
        out += shape(power)
    cut = min(o["cutoff"], rate / 2) * n / rate
    keep = {"none": (1, n // 2), "low": (1, int(cut + 0.5)), "high": (max(1, int(cut - 0.5) + 1), n // 2)}[o["filter"]]
    power = power[keep[0] : keep[1] + 1]
    return out + [float(v) for v in (np.log10(np.where(power == 0, 1e-10, power)) if o["logarithm"] else power)]


def wavelets(x, o):
    out = []
    for band in pywt.wavedec(x.astype(np.float32), o["wavelet"], level=o["level"]):
        b = band.astype(np.float64)
        n = len(b)
        ordered = np.sort(b)
        out += [float(stats.entropy(np.histogram(band, bins=100)[0]))]
        out += [np.count_nonzero(np.diff(b > level)) / n for level in (0, b.mean())]
        out += [float(ordered[int((n - 1) * p / 100 + 0.5)]) for p in (5, 25, 75, 95, 50)]
        out += [float(v) for v in (b.mean(), b.std(), b.var(ddof=1), np.sqrt(np.mean(b**2)))] + shape(b)
    return out


defaults = {
    "scale": 1, "decimation": 1, "filter": "none", "cutoff": 3, "order": 6, "analysis": "FFT", "fftLength": 16,
    "logarithm": True, "overlap": True, "extraLowFrequency": False, "wavelet": "db4", "level": 1, "implementation": 4,
}  # fmt: skip


def block(window, options):
    o = defaults | options
    features, low = [], []
    for channel in window.T:
        x = channel * np.float32(o["scale"])
        x = decimate(x.astype(np.float64), o["decimation"])
        rate = RATE / o["decimation"]
        if o["filter"] != "none" and o["order"] > 0:
            sos = signal.butter(o["order"], o["cutoff"], o["filter"], fs=rate, output="sos").astype(np.float32)
            x = signal.sosfilt(sos.astype(np.float64), x)
        x = x - x.mean()
        if o["analysis"] == "wavelet":
            features += wavelets(x, o)
            continue
        features += spectrum(x, rate, o)
        if o["extraLowFrequency"]:
            slow = decimate(x, 10)
            low += spectrum(slow - slow.mean(), rate / 10, o)
    return features + low


t = np.arange(160) / RATE
two = np.stack([np.sin(2 * np.pi * 7 * t) + 0.3 * rng.normal(size=160), 9.81 + 0.1 * rng.exponential(size=160)], 1)
t = np.arange(700) / RATE
long = (np.sin(2 * np.pi * 1.1 * t) + 0.2 * np.sin(2 * np.pi * 13 * t) + 0.05 * rng.normal(size=700))[:, None]
windows = {"two": two, "long": long, "short": two[:10, :1], "constant": np.full((40, 1), 0.1), "zeros": np.zeros((40, 1))}
windows = {name: data.astype(np.float32) for name, data in windows.items()}
cases = [
    ("two", {}),
    ("two", {"fftLength": 64}),
    ("two", {"fftLength": 32, "overlap": False}),
    ("two", {"fftLength": 128, "logarithm": False}),
    ("two", {"scale": -0.37}),
    ("two", {"implementation": 2}),
    ("two", {"filter": "low", "cutoff": 10, "fftLength": 32}),
    ("two", {"filter": "high", "cutoff": 2, "order": 2, "fftLength": 64}),
    ("two", {"filter": "high", "cutoff": 20, "order": 8}),
    ("two", {"filter": "low", "cutoff": 12, "order": 0}),
    ("two", {"filter": "high", "cutoff": 60, "order": 0}),
    ("long", {"decimation": 3, "fftLength": 32}),
    ("long", {"decimation": 10}),
    ("long", {"decimation": 30}),
    ("long", {"decimation": 100, "fftLength": 4}),
    ("long", {"decimation": 3, "filter": "low", "cutoff": 6, "order": 4, "fftLength": 32}),
    ("long", {"extraLowFrequency": True, "fftLength": 32}),
    ("long", {"extraLowFrequency": True, "filter": "high", "cutoff": 8, "order": 4}),
    ("short", {"fftLength": 64}),
    ("constant", {}),
    ("zeros", {"logarithm": False}),
    ("two", {"analysis": "wavelet"}),
    ("two", {"analysis": "wavelet", "wavelet": "bior2.2", "level": 2}),
    ("two", {"analysis": "wavelet", "wavelet": "haar", "level": 0}),
    ("long", {"analysis": "wavelet", "wavelet": "sym8", "level": 4}),
    ("long", {"analysis": "wavelet", "wavelet": "rbio3.1", "decimation": 3, "filter": "low", "cutoff": 5}),
]
made = {"numpy": np.__version__, "scipy": scipy.__version__, "PyWavelets": pywt.__version__}
here = Path(__file__).parent
out = made | {
    "rate": RATE,
    "windows": {name: {"channels": d.shape[1], "data": [float(v) for v in d.ravel()]} for name, d in windows.items()},
    "cases": [{"window": name, "options": o, "features": block(windows[name], o)} for name, o in cases],
}
(here / "spectral-analysis.json").write_text(json.dumps(out) + "\n")

# A list of every wavelet that Edge Impulse offers.
splines = "1.3 1.5 2.2 2.4 2.6 2.8 3.1 3.3 3.5 3.7 3.9 4.4 5.5 6.8".split()
names = [f"bior{s}" for s in splines] + [f"rbio{s}" for s in splines] + [f"coif{n}" for n in (1, 2, 3)] + ["haar"]
names += [f"{family}{n}" for family in ("db", "sym") for n in range(2, 11)]
x = np.round(rng.normal(size=37), 3)
bands = {name: [[round(float(v), 9) for v in band] for band in pywt.wavedec(x, name, level=2)] for name in names}
(here / "wavelet.json").write_text(json.dumps(made | {"x": x.tolist(), "bands": bands}) + "\n")
