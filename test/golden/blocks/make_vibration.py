"""Reference values of the vibration blocks, from numpy, scipy.signal and librosa.

    python3 -m venv venv && venv/bin/pip install numpy scipy librosa
    venv/bin/python test/golden/blocks/make_vibration.py

writes vibration.json beside this file.
"""

import json
from pathlib import Path

import librosa
import numpy as np
import scipy
from scipy import signal, stats

rng = np.random.default_rng(77)
TAPERS = {"rectangular": "boxcar", "hann": "hann", "hamming": "hamming", "blackman": "blackman"}


def power_of_two(n):
    return max(2, 1 << (n - 1).bit_length())


def cut(x, fft_length, overlap):
    """nperseg, nfft and noverlap of scipy.signal.welch"""
    segment = len(x) if fft_length == 0 else min(len(x), fft_length)
    return {
        "nperseg": segment,
        "nfft": power_of_two(len(x)) if fft_length == 0 else fft_length,
        "noverlap": int(np.floor(segment * overlap / 100)),
    }


def digits(values):
    return [float(f"{v:.10g}") for v in np.ravel(values)]


t = np.arange(200) / 500
signals = {
    # rate, samples
    "noise": (500, rng.normal(size=200)),
    "sines on an offset": (500, 1000 + 3 * np.sin(2 * np.pi * 50 * t) + 0.5 * np.sin(2 * np.pi * 123.4 * t + 1)),
    "steps": (20, np.repeat([0.0, 5, -2, 7], [20, 30, 20, 30])),
    "short and odd": (48000, rng.exponential(size=37) * 1e-3),
}
signals = {name: (rate, x.astype(np.float32).astype(float)) for name, (rate, x) in signals.items()}


def one_sided_amplitude(ms, doubled):
    return np.sqrt(np.where(doubled, 2 * ms, ms))


spectra = []
for name, (rate, x) in signals.items():
    for taper, fft_length, overlap in [
        ("hann", 0, 50),
        ("rectangular", 0, 50),
        ("hann", 64, 50),
        ("hamming", 32, 75),
        ("blackman", 16, 0),
    ]:
        window = signal.get_window(TAPERS[taper], cut(x, fft_length, overlap)["nperseg"], fftbins=True)
        common = dict(fs=rate, window=window, detrend="constant", **cut(x, fft_length, overlap))
        f, ms = signal.welch(x, scaling="spectrum", **common)
        _, density = signal.welch(x, scaling="density", **common)
        # Max-hold from the single segments.
        _, _, single = signal.spectrogram(x, scaling="density", mode="psd", **common)
        inner = slice(1, None)
        # Of the amplitude in librosa's sense, that is without the factor of the one-sided lines.
        amplitude = one_sided_amplitude(ms, (np.arange(len(f)) > 0) & (np.arange(len(f)) < len(f) - 1))
        weights = amplitude[inner]
        p = weights / weights.sum()
        power = ms[inner]
        spectra.append(
            {
                "name": f"{name}, {taper}, {fft_length}, {overlap} %",
                "signal": name,
                "options": {"taper": taper, "fftLength": fft_length, "overlap": overlap},
                "amplitude": digits(amplitude),
                "RMS": digits(np.sqrt(ms)),
                "power density": digits(density),
                "maximum density": digits(single.max(axis=-1)),
                # Over the power, line 0 left out.
                "shape": digits(
                    [
                        librosa.feature.spectral_centroid(S=power[:, None], freq=f[inner])[0, 0],
                        librosa.feature.spectral_bandwidth(S=power[:, None], freq=f[inner])[0, 0],
                        librosa.feature.spectral_rolloff(S=power[:, None], freq=f[inner], roll_percent=0.85)[0, 0],
                        stats.entropy(power) / np.log(len(power)),
                        librosa.feature.spectral_flatness(S=power[:, None], power=1.0, amin=1e-12 * power.mean())[0, 0],
                    ]
                ),
                # The same over the amplitude.
                "amplitude shape": digits(
                    [
                        librosa.feature.spectral_centroid(S=weights[:, None], freq=f[inner])[0, 0],
                        librosa.feature.spectral_bandwidth(S=weights[:, None], freq=f[inner])[0, 0],
                        librosa.feature.spectral_rolloff(S=weights[:, None], freq=f[inner], roll_percent=0.85)[0, 0],
                        stats.entropy(p) / np.log(len(p)),
                    ]
                ),
            }
        )

# Hilbert envelopes with and without a Butterworth gain, and the amplitude spectrum of the envelope.
envelopes = []
for name, (rate, x) in signals.items():
    for order, band in [(None, None), (4, (0.1, 0.3)), (2, (0.05, 0)), (6, (0, 0.2))]:
        n = power_of_two(len(x))
        lines = np.fft.rfft(x - x.mean(), n)
        low, high = (v * rate for v in (band or (0, 0)))
        if band:
            kind = "bandpass" if low and high else "highpass" if low else "lowpass"
            sos = signal.butter(order, [v for v in (low, high) if v] if kind == "bandpass" else low or high, kind, fs=rate, output="sos")
            _, h = signal.sosfreqz(sos, np.fft.rfftfreq(n) * 2 * np.pi)
            lines = lines * np.abs(h)
        filtered = np.fft.irfft(lines, n)
        envelope = np.abs(signal.hilbert(filtered))[: len(x)]
        window = signal.get_window("hann", len(x))
        _, ms = signal.welch(envelope, fs=rate, window=window, nperseg=len(x), nfft=n, detrend="constant", scaling="spectrum")
        k = np.arange(len(ms))
        envelopes.append(
            {
                "name": f"{name}, {order}, {band}",
                "signal": name,
                "order": order or 4,
                "from": low,
                "to": high,
                "envelope": digits(envelope),
                "lines": digits(one_sided_amplitude(ms, (k > 0) & (k < len(k) - 1))),
            }
        )

# Sine fits by numpy's least squares, weighted.
fits = []
for name, (rate, x) in signals.items():
    for taper in TAPERS:
        w = np.sqrt(np.maximum(0, signal.get_window(TAPERS[taper], len(x))))
        for share in (1.3 / len(x), 0.1, 0.2503, 0.41):
            angle = 2 * np.pi * share * np.arange(len(x))
            matrix = np.stack([np.ones(len(x)), np.cos(angle), np.sin(angle)], axis=1)
            _, a, b = np.linalg.lstsq(matrix * w[:, None], x * w, rcond=None)[0]
            fits.append(
                {
                    "name": f"{name}, {taper}, {share:.4f}",
                    "signal": name,
                    "taper": taper,
                    "frequency": share * rate,
                    "amplitude": float(np.hypot(a, b)),
                    "phase": float(np.arctan2(-b, a)),
                }
            )

# peak, peak-to-peak, RMS, crest, shape, impulse and clearance factor
crests = []
for name, (_, x) in signals.items():
    for remove in (True, False):
        d = x - x.mean() if remove else x
        size = np.abs(d)
        peak, rms = size.max(), np.sqrt(np.mean(d**2))
        crests.append(
            {
                "name": f"{name}, {'without' if remove else 'with'} its mean",
                "signal": name,
                "removeMean": remove,
                "values": digits(
                    [peak, np.ptp(d), rms, peak / rms, rms / size.mean(), peak / size.mean(), peak / np.mean(np.sqrt(size)) ** 2]
                ),
            }
        )

out = {
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "librosa": librosa.__version__,
    "signals": {name: {"rate": rate, "data": [float(v) for v in x]} for name, (rate, x) in signals.items()},
    "spectra": spectra,
    "envelopes": envelopes,
    "fits": fits,
    "crests": crests,
}
Path(__file__).with_name("vibration.json").write_text(json.dumps(out) + "\n")
