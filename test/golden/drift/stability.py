"""Makes stability.json: the population stability index of bins, by numpy, and what chance reaches, by scipy.

python3 test/golden/drift/stability.py > test/golden/drift/stability.json   (numpy 2, scipy 1)
"""

import json
import sys

import numpy as np
from scipy import stats

rng = np.random.default_rng(11)
CHANCE = 1e-4


def case(bins, features, trained, frames, shift, mean=1.0, most=1.0):
    ideal = np.full(bins, 1 / bins)
    shares = rng.multinomial(trained, ideal) / trained
    moved = ideal * np.exp(shift * np.linspace(-1, 1, bins))
    counts = rng.multinomial(frames, moved / moved.sum())
    half = bins / 2
    p = (shares * trained / most + 0.5) / (trained / most + half)
    q = (counts / frames * frames / most + half * p) / (frames / most + half)
    index = float(np.sum((p - q) * np.log(p / q)))
    degrees = bins - 1
    noise = 1 / trained + 1 / frames
    psi = max(0.0, index - degrees * mean * noise)
    # The sum of chi-squareds that neighbours which repeat each other make: by its mean and its variance.
    rest = degrees * mean - most
    squares = most**2 + (rest**2 / (degrees - 1) if degrees > 1 else 0)
    alike = (rest + most) ** 2 / squares
    chance = CHANCE / features
    limit = max(squares / (rest + most) * stats.chi2.isf(chance, alike), most * stats.norm.isf(chance) ** 2 + rest)
    level = "none" if psi < 0.1 or index < limit * noise else "moderate" if psi < 0.25 else "strong"
    # Close to the limit the approximation of the quantile may decide otherwise.
    if abs(index / (limit * noise) - 1) < 0.03:
        return None
    return {
        "bins": {"edges": list(range(bins - 1)), "shares": shares.tolist(), "repeats": {"mean": mean, "most": most}},
        "features": features,
        "trained": trained,
        "frames": frames,
        "counts": counts.tolist(),
        "psi": psi,
        "level": level,
    }


cases = [
    case(bins, features, trained, frames, shift, mean, most)
    for bins in (2, 5, 10)
    for features in (1, 24)
    for trained in (100, 2000)
    for frames in (40, 1000)
    for shift in (0, 0.4, 0.7, 2)
    for mean, most in ((1, 1), (2, 5))
    if bins > 2 or mean == most
]
json.dump([each for each in cases if each], sys.stdout)
