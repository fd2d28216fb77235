"""Reference values of the real FFT, from numpy.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python test/golden/blocks/make_real_fft.py

writes real-fft.json beside this file. The samples are whole numbers from a small generator that the test repeats, so
that only the results are stored: all bins of the short lengths, some bins of the long ones.
"""

import json
from pathlib import Path

import numpy as np


def samples(length):
    """x[i] of s ← 1103515245·s + 12345 mod 2³¹, s[0] = length, as (s >> 16) − 16384."""
    state = length
    out = []
    for _ in range(length):
        state = (1103515245 * state + 12345) % 2**31
        out.append((state >> 16) - 16384)
    return np.array(out, dtype=float)


cases = []
for length in 2 ** np.arange(1, 14):
    spectrum = np.fft.rfft(samples(int(length)))
    bins = np.unique(np.round(np.linspace(0, length // 2, min(length // 2 + 1, 33))).astype(int))
    cases.append(
        {
            "length": int(length),
            "bins": bins.tolist(),
            "re": spectrum.real[bins].tolist(),
            "im": spectrum.imag[bins].tolist(),
            "largest": float(np.abs(spectrum).max()),
        }
    )

Path(__file__).with_name("real-fft.json").write_text(json.dumps({"numpy": np.__version__, "cases": cases}) + "\n")
