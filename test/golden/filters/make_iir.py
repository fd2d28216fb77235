"""Reference values of the recursive filters' design and use, from scipy.signal.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python test/golden/filters/make_iir.py

writes iir.json beside this file.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import signal

rng = np.random.default_rng(31)
RATE = 100.0
x = rng.normal(size=60).cumsum() + 20

designs = []


def add(kind, order, cutoff, rate, ripple=None):
    scipy_pass = {"low": "lowpass", "high": "highpass", "band": "bandpass", "stop": "bandstop"}[kind]
    if ripple is None:
        sos = signal.butter(order, cutoff, scipy_pass, fs=rate, output="sos")
    else:
        sos = signal.cheby1(order, ripple, cutoff, fs=rate, output="sos")
    # Frequencies where the response is neither hopelessly small nor left out: all of it, from near 0 to near the end.
    frequencies = np.concatenate([[rate / 1000], rate / 2 * np.linspace(0.02, 0.98, 7), np.atleast_1d(cutoff)])
    _, response = signal.freqz_sos(sos, worN=frequencies, fs=rate)
    designs.append(
        {
            "name": f"{'butter' if ripple is None else 'cheby1'} {order} {kind} {cutoff} of {rate:g}",
            "pass": kind,
            "order": order,
            "cutoff": cutoff,
            "rate": rate,
            "ripple": ripple,
            "sections": np.delete(sos, 3, axis=1).ravel().tolist(),
            "steady": signal.sosfilt_zi(sos).ravel().tolist(),
            "response": [[float(f), float(h.real), float(h.imag)] for f, h in zip(frequencies, response)],
        }
    )


for order in range(1, 13):
    add("low", order, 10.0, RATE)
    add("high", order, 10.0, RATE)
    add("band", order, [8.0, 15.0], RATE)
    add("stop", order, [8.0, 15.0], RATE)
for order, cutoff in [(2, 0.01), (6, 0.2), (5, 24.0), (8, 49.0), (3, 25.0)]:
    add("low", order, cutoff, RATE)
    add("high", order, cutoff, RATE)
# So wide that the prototype's real pole gives two real ones, and about a quarter of the rate.
for order, cutoff in [(3, [0.5, 45.0]), (1, [1.0, 48.0]), (4, [20.0, 31.0])]:
    add("band", order, cutoff, RATE)
    add("stop", order, cutoff, RATE)
add("band", 4, [500.0, 10000.0], 51200.0)
for order, cutoff in [(8, 4.0), (8, 40.0), (1, 5.0), (5, 12.5), (2, 0.04), (12, 20.0)]:
    add("low", order, cutoff, RATE, ripple=0.05)
add("low", 4, 12.0, RATE, ripple=1.0)

notches = []
for frequency, quality in [(10.0, 30.0), (25.0, 1.0), (49.0, 5.0), (0.5, 0.6)]:
    b, a = signal.iirnotch(frequency, quality, fs=RATE)
    notches.append({"frequency": frequency, "quality": quality, "section": [*b.tolist(), *a[1:].tolist()]})

runs = []
for order, kind, cutoff in [
    (1, "lowpass", 5.0),
    (4, "lowpass", 5.0),
    (5, "highpass", 2.0),
    (3, "bandpass", [4.0, 20.0]),
    (2, "bandstop", [10.0, 12.0]),
]:
    sos = signal.butter(order, cutoff, kind, fs=RATE, output="sos")
    short = x[:6]
    runs.append(
        {
            "name": f"butter {order} {kind} {cutoff}",
            "sections": np.delete(sos, 3, axis=1).ravel().tolist(),
            "zero": signal.sosfilt(sos, x).tolist(),
            "steady": signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0].tolist(),
            "both": signal.sosfiltfilt(sos, x).tolist(),
            "short": signal.sosfiltfilt(sos, short, padlen=min(len(short) - 1, 3 * (2 * len(sos) + 1))).tolist(),
        }
    )

Path(__file__).with_name("iir.json").write_text(
    json.dumps(
        {
            "made_with": f"numpy {np.__version__}, scipy {scipy.__version__}",
            "rate": RATE,
            "designs": designs,
            "notches": notches,
            "x": x.tolist(),
            "runs": runs,
        }
    )
    + "\n"
)
