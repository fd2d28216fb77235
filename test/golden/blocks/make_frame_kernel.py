"""Reference values of the frame kernels, from numpy, scipy and librosa.

    python3 -m venv venv && venv/bin/pip install numpy scipy librosa
    venv/bin/python test/golden/blocks/make_frame_kernel.py

writes frame-kernel.json beside this file. Each case holds a plan (nodes/lib/dsp/kernels/frame-plan.ts) and what it
gives; the samples are whole numbers from a small generator that the test repeats.
"""

import json
from pathlib import Path

import librosa
import numpy as np
import scipy
from scipy.fft import dct
from scipy.signal import get_window


def samples(kind, length):
    """noise: s ← 1103515245·s + 12345 mod 2³¹, s[0] = length, as (s >> 16) − 16384; walk: its sums, mean 0."""
    if kind == "silence":
        return np.zeros(length, dtype=np.float32)
    state = length
    out = []
    for _ in range(length):
        state = (1103515245 * state + 12345) % 2**31
        out.append((state >> 16) - 16384)
    if kind == "walk":
        total = np.cumsum(out)
        out = total - int(np.round(np.mean(total)))
    return np.array(out, dtype=np.float32)


def bank_of(matrix):
    """Dense [bands, bins] → first bins, offsets, weights."""
    starts, offsets, weights = [], [0], []
    for row in matrix:
        used = np.flatnonzero(row)
        start, end = (used[0], used[-1] + 1) if len(used) else (0, 0)
        starts.append(int(start))
        weights += row[start:end].tolist()
        offsets.append(len(weights))
    return {"starts": starts, "offsets": offsets, "weights": weights}


def follow(x, plan, matrix, first, count):
    x = x.astype(np.float64) * plan["scale"]
    if "preEmphasis" in plan:
        before = x[-1] if plan["preEmphasis"]["first"] == "wraps" else 0.0
        x = x - plan["preEmphasis"]["factor"] * np.r_[before, x[:-1]]
    rows = []
    for i in range(first, first + count):
        frame = x[i * plan["stride"] : i * plan["stride"] + plan["frameLength"]] * plan.get("taper", 1.0)
        spectrum = np.abs(np.fft.rfft(frame, plan["fftLength"]))
        if plan["spectrum"] == "power":
            spectrum = spectrum**2
        spectrum = spectrum * plan["gain"]
        values = matrix @ spectrum if matrix is not None else spectrum
        if "logarithm" in plan:
            log = plan["logarithm"]
            values = np.maximum(values, log["floor"]) + log["offset"]
            values = np.log(values) if log["kind"] == "ln" else 10 * np.log10(values)
            values = values * log["slope"] + log["shift"]
            values = np.clip(values, log["low"], log["high"])
            if log["steps"]:
                values = np.floor(values * log["steps"] + 0.5) / log["steps"]
        if "transform" in plan:
            values = dct(values, type=2, norm="ortho")[: plan["transform"]["coefficients"]]
        if "energyFirst" in plan:
            values[0] = np.log(max(spectrum.sum(), plan["energyFirst"]["floor"]))
        rows.append(values)
    return np.array(rows)


def plan_of(frame, stride, fft, spectrum="power", gain=1.0, scale=1.0, **more):
    return {"frameLength": frame, "stride": stride, "fftLength": fft, "scale": scale, "spectrum": spectrum, "gain": gain, **more}


def log_of(kind="ln", floor=0.0, offset=1e-6, slope=1.0, shift=0.0, low=-np.inf, high=np.inf, steps=0):
    return {"kind": kind, "floor": floor, "offset": offset, "slope": slope, "shift": shift, "low": low, "high": high, "steps": steps}


def hann(length):
    return get_window("hann", length)


def mel(fft, bands, low=20.0, high=4000.0):
    return librosa.filters.mel(sr=16000, n_fft=fft, n_mels=bands, fmin=low, fmax=high, htk=True, norm=None, dtype=np.float64)


DB = log_of("dB", 1e-30, 0.0, 1 / 64, 52 / 64, 0.0, 1.0, 256)
EMPHASIS = {"factor": 0.98, "first": "wraps"}
plans = [
    ("a bare power spectrum", plan_of(32, 16, 32), None),
    ("a bare magnitude spectrum, two thirds filled", plan_of(40, 24, 64, "magnitude", 2 / 40), None),
    ("the shortest FFT", plan_of(2, 1, 2), None),
    ("FFT 4", plan_of(3, 2, 4, "magnitude"), None),
    ("FFT 8, scaled", plan_of(8, 8, 8, scale=-0.5), None),
    ("FFT 16, strides with gaps", plan_of(10, 100, 16, taper=hann(10)), None),
    ("a taper", plan_of(128, 50, 128, taper=hann(128), gain=1 / 128), None),
    ("pre-emphasis that wraps", plan_of(64, 32, 64, preEmphasis=EMPHASIS), None),
    ("pre-emphasis that starts from nothing", plan_of(64, 32, 64, preEmphasis={"factor": 0.97, "first": "stays"}), None),
    ("mel bands", plan_of(200, 100, 256, taper=hann(200)), mel(256, 10)),
    ("a bank with an empty band", plan_of(64, 32, 64), np.eye(5, 33, 3) * np.array([[1], [2], [0], [0.5], [4]])),
    ("log-mel", plan_of(480, 320, 512, taper=hann(480), scale=1 / 32768, logarithm=log_of()), mel(512, 40)),
    ("log of magnitudes, clipped", plan_of(64, 64, 64, "magnitude", logarithm=log_of(floor=1e-3, offset=0, low=-2.0, high=13.5)), None),
    ("decibels of a spectrum", plan_of(128, 64, 128, gain=1 / 128, scale=1 / 32768, logarithm=log_of("dB", 1e-30, 0.0, 1 / 64, 52 / 64, 0.0)), None),
    ("mel bands in decibels and steps", plan_of(256, 160, 256, gain=1 / 256, scale=1 / 32768, preEmphasis=EMPHASIS, logarithm=DB), mel(256, 40, 0, 8000)),
    ("cepstrum", plan_of(480, 320, 512, "magnitude", taper=hann(480), scale=1 / 32768, logarithm=log_of(), transform=10), mel(512, 40)),
    ("cepstrum with the energy first", plan_of(320, 320, 512, gain=1 / 512, preEmphasis=EMPHASIS, logarithm=log_of(floor=1e-10, offset=0.0), transform=13, energyFirst={"floor": 1e-10}), mel(512, 32, 0, 8000)),
    ("energy alone", plan_of(64, 64, 64, energyFirst={"floor": 1e-10}), None),
]  # fmt: skip

cases = []
for name, plan, matrix in plans:
    for kind in ("noise", "walk", "silence"):
        stride, first, count = plan["stride"], 0 if "wraps" in json.dumps(plan.get("preEmphasis", "")) else 1, 2
        length = (first + count - 1) * stride + plan["frameLength"] + 5
        told = {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in plan.items()}
        if matrix is not None:
            told["bank"] = bank_of(matrix)
        if "transform" in plan:
            bands = matrix.shape[0]
            told["transform"] = {"coefficients": plan["transform"]}
            told["transform"]["matrix"] = dct(np.eye(bands), type=2, norm="ortho", axis=0)[: plan["transform"]].ravel().tolist()
            plan = {**plan, "transform": told["transform"]}
        if "logarithm" in told:
            told["logarithm"] = {key: None if value in (np.inf, -np.inf) else value for key, value in plan["logarithm"].items()}
        cases.append(
            {
                "name": f"{name}: {kind}",
                "plan": told if kind == "noise" else None,
                "samples": kind,
                "length": length,
                "first": first,
                "count": count,
                "outputs": [float(f"{v:.10g}") for v in follow(samples(kind, length), plan, matrix, first, count).ravel()],
            }
        )
        if "transform" in plan:
            plan = {**plan, "transform": plan["transform"]["coefficients"]}

# librosa's own frames, spectrum and mel bands are the same thing; it sets the taper into the middle of the FFT.
x = samples("walk", 8000) / 2**24
ours = follow(x[16:], plans[11][1] | {"scale": 1.0}, plans[11][2], 0, 23)
theirs = librosa.feature.melspectrogram(
    y=x.astype(np.float64), sr=16000, n_fft=512, win_length=480, hop_length=320, center=False,
    n_mels=40, fmin=20, fmax=4000, htk=True, norm=None,
)  # fmt: skip
assert np.abs(ours - np.log(theirs.T[:23] + 1e-6)).max() < 1e-6

out = {"numpy": np.__version__, "scipy": scipy.__version__, "librosa": librosa.__version__, "cases": cases}
Path(__file__).with_name("frame-kernel.json").write_text(json.dumps(out) + "\n")
