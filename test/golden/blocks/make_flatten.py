"""Reference values of the Flatten block, from numpy and scipy.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python test/golden/blocks/make_flatten.py

writes flatten.json beside this file.
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20)


def column(x):
    """mean, minimum, maximum, RMS, population standard deviation, biased skewness, excess kurtosis"""
    constant = x.min() == x.max()
    return [
        float(np.mean(x)),
        float(x.min()),
        float(x.max()),
        float(np.sqrt(np.mean(x**2))),
        0.0 if constant else float(np.std(x)),
        0.0 if constant else float(stats.skew(x, bias=True)),
        0.0 if constant else float(stats.kurtosis(x, fisher=True, bias=True)),
    ]


windows = {
    "noise, 3 channels": rng.normal(size=(40, 3)),
    "skewed": rng.exponential(size=(64, 1)) * 7,
    "large offset": 101325 + rng.normal(size=(50, 1)),
    "small numbers": rng.normal(size=(30, 2)) * 1e-6,
    "two samples": np.array([[1.0], [4.0]]),
    "one sample": np.array([[3.5, -2.0]]),
    "constant": np.full((20, 1), 0.1),
    "zeros": np.zeros((10, 1)),
    "steps": np.repeat([[0.0], [1.0], [5.0]], [7, 2, 1], axis=0),
    "one outlier": np.r_[np.zeros((99, 1)), [[1000.0]]],
}
cases = []
for name, data in windows.items():
    for scale in (1.0, -0.25):
        # What the block gets is float32; the scale is a power of two, and exact.
        window = data.astype(np.float32)
        scaled = window.astype(np.float64) * scale
        features = [value for channel in scaled.T for value in column(channel)]
        cases.append(
            {
                "name": f"{name}, times {scale:g}",
                "scale": scale,
                "shape": list(window.shape),
                "data": [float(v) for v in window.ravel()],
                "features": features,
            }
        )

out = {"numpy": np.__version__, "scipy": scipy.__version__, "cases": cases}
Path(__file__).with_name("flatten.json").write_text(json.dumps(out) + "\n")
