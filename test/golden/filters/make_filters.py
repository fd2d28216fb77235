"""Reference values of the filters of edge-features, from scipy.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python test/golden/filters/make_filters.py

writes filters.json beside this file.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import ndimage, signal

rng = np.random.default_rng(32)
RATE = 100.0
N = 130
t = np.arange(N) / RATE
# A level and a drift, a machine, hum, noise and two spikes; what a filter gets was float32.
x = 20 + 0.8 * t + np.sin(2 * np.pi * 7 * t) + 0.5 * np.sin(2 * np.pi * 25 * t) + 0.1 * rng.normal(size=N)
x[[40, 101]] += 9
x = x.astype(np.float32).astype(np.float64)

cases = []


def add(name, options, y, rate=RATE):
    cases.append({"filter": name, "options": options, "rate": rate, "y": [float(v) for v in y]})


def recursive(sos, zero_phase, signal_in=x):
    if zero_phase:
        # scipy refuses a signal shorter than its extension; ours shortens the extension.
        short = len(signal_in) <= 3 * (2 * len(sos) + 1)
        return signal.sosfiltfilt(sos, signal_in, padlen=len(signal_in) - 1 if short else None)
    return signal.sosfilt(sos, signal_in, zi=signal.sosfilt_zi(sos) * signal_in[0])[0]


for zero_phase in (False, True):
    both = {"zeroPhase": zero_phase}
    for order, cutoff in [(1, 5.0), (4, 10.0), (7, 30.0), (12, 20.0)]:
        options = {"order": order, "cutoff": cutoff, **both}
        add("low-pass", options, recursive(signal.butter(order, cutoff, "lowpass", fs=RATE, output="sos"), zero_phase))
        add("high-pass", options, recursive(signal.butter(order, cutoff, "highpass", fs=RATE, output="sos"), zero_phase))
    for order, low, high in [(1, 5.0, 9.0), (4, 4.0, 20.0), (6, 20.0, 30.0)]:
        options = {"order": order, "low": low, "high": high, **both}
        add("band-pass", options, recursive(signal.butter(order, [low, high], "bandpass", fs=RATE, output="sos"), zero_phase))
        add("band-stop", options, recursive(signal.butter(order, [low, high], "bandstop", fs=RATE, output="sos"), zero_phase))
    for quality in (1.0, 30.0):
        sos = signal.tf2sos(*signal.iirnotch(25, quality, fs=RATE))
        add("notch", {"frequency": 25, "quality": quality, **both}, recursive(sos, zero_phase))
    # 7, 14, 21 … 49 Hz; the eighth multiple is above half the rate.
    sos = np.concatenate([signal.tf2sos(*signal.iirnotch(7 * k, 5, fs=RATE)) for k in range(1, 8)])
    add("notch", {"frequency": 7, "quality": 5, "harmonics": 20, **both}, recursive(sos, zero_phase))

    # The stages in the order in which ours are, and scipy's gain at 0 Hz (-0.05 dB for each pass) taken out.
    for stages in [(2,), (3,), (13,), (10, 3), (10, 10), (5, 5), (17,), (12, 4)]:
        y = x
        for stage in stages:
            y = recursive(signal.cheby1(8, 0.05, 0.8 / stage, output="sos"), zero_phase, y)[::stage]
        if zero_phase and len(stages) == 1:
            assert np.array_equal(y, signal.decimate(x, stages[0], ftype="iir", zero_phase=True))
        gain = 10 ** (0.05 / 20 * len(stages) * (2 if zero_phase else 1))
        add("decimate", {"factor": int(np.prod(stages)), **both}, y * gain)

for width in (3, 5, 21, 129, 131, 401):
    add("median", {"width": width}, ndimage.median_filter(x, width, mode="nearest"))
    add("moving-average", {"width": width}, ndimage.uniform_filter1d(x, width, mode="nearest"))
for kind in ("constant", "linear"):
    add("detrend", {"kind": kind}, signal.detrend(x, type=kind))

out = {"numpy": np.__version__, "scipy": scipy.__version__, "x": x.tolist(), "cases": cases}
Path(__file__).with_name("filters.json").write_text(json.dumps(out) + "\n")
