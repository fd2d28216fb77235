"""Reference values of the polyphase resampler, from scipy.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python test/golden/blocks/make_resample.py

writes resample.json beside this file.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import scipy
from scipy import signal

rng = np.random.default_rng(8)

# Hz of the samples, Hz wanted, samples
rates = [
    ("44100", "16000", 400),
    ("16000", "44100", 100),
    ("62.5", "50", 200),
    ("50", "62.5", 160),
    ("100", "10", 450),
    ("16000", "48000", 60),
    ("99.7", "100", 150),
    ("1000", "1", 2100),
    ("7", "3", 1),
    ("3", "7", 2),
    ("25", "25", 20),
]
cases = []
for source, target, n in rates:
    ratio = Fraction(target) / Fraction(source)
    x = np.round(rng.normal(size=n) + np.sin(np.arange(n) / 7), 4)
    y = signal.resample_poly(x, ratio.numerator, ratio.denominator)
    cases.append(
        {
            "from": float(source),
            "to": float(target),
            "up": ratio.numerator,
            "down": ratio.denominator,
            "x": x.tolist(),
            "y": [float(f"{v:.12g}") for v in y],
        }
    )

out = {"numpy": np.__version__, "scipy": scipy.__version__, "cases": cases}
Path(__file__).with_name("resample.json").write_text(json.dumps(out) + "\n")
