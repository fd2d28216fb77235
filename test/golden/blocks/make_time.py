"""Reference values of the blocks in the time domain, from numpy, scipy, antropy, statsmodels and zoneinfo.

    python3 -m venv venv && venv/bin/pip install numpy scipy antropy statsmodels
    venv/bin/python test/golden/blocks/make_time.py

writes time.json beside this file.
"""

import datetime
import json
import math
from pathlib import Path
from zoneinfo import ZoneInfo

import antropy
import numpy as np
from scipy import stats
from statsmodels.tsa.stattools import acf

rng = np.random.default_rng(7)
t = np.arange(120) / 20
windows = {
    "noise": rng.normal(size=(100, 2)),
    "sine and noise": np.c_[3 * np.sin(2 * np.pi * 1.3 * t) + 0.2 * rng.normal(size=120), 20 + np.cos(2 * np.pi * 1.3 * t - 1)],
    "random walk": np.cumsum(rng.normal(size=(90, 2)), axis=0) + 1000,
    "ramp": np.c_[np.arange(40) * 0.25 - 3, np.arange(40)[::-1] ** 1.5],
}
RATE = 20.0


def entropy(x, m, r, scale):
    """Richman and Moorman, counted pair by pair."""
    x = np.mean(x[: len(x) // scale * scale].reshape(-1, scale), axis=1)
    limit = r * np.std(x)
    n = len(x) - m
    a = b = 0
    for i in range(n):
        for j in range(i + 1, n):
            if np.max(np.abs(x[i : i + m] - x[j : j + m])) <= limit:
                b += 1
                a += abs(x[i + m] - x[j + m]) <= limit
    return math.log(n * (n - 1) / 2) if a == 0 else -math.log(a / b)


def hjorth(x):
    """The complexity of a straight line is 0 / 0: 0 here."""
    with np.errstate(invalid="ignore"):
        return [float(np.var(x)), *(float(np.nan_to_num(v)) for v in antropy.hjorth_params(x))]


def crossings(x):
    sign = np.sign(x)
    sign = sign[sign != 0]
    return int(np.sum(sign[1:] != sign[:-1]))


def largest(a, b, most):
    """Of the biased cross-correlations, the largest in magnitude and its lag: positive when b follows."""
    a = (a - a.mean()) / a.std()
    b = (b - b.mean()) / b.std()
    full = np.correlate(b, a, "full") / len(a)
    lags = np.arange(-len(a) + 1, len(a))
    near = np.abs(lags) <= most
    best = np.argmax(np.abs(full[near]))
    return [float(full[near][best]), int(lags[near][best])]


cases = []
for name, data in windows.items():
    window = data.astype(np.float32)
    x = window.astype(np.float64).T
    n = x.shape[1]
    seconds = np.arange(n) / RATE
    lines = [stats.linregress(seconds, c) for c in x]
    cases.append(
        {
            "name": name,
            "shape": list(window.shape),
            "rate": RATE,
            "data": [float(v) for v in window.ravel()],
            "quantiles": [
                [float(v) for v in np.quantile(c, [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])]
                + [float(np.ptp(c)), float(stats.iqr(c)), float(stats.median_abs_deviation(c))]
                for c in x
            ],
            "trend": [
                [float(l.slope), float(l.rvalue**2), float(c[-1] - c[0]), float(np.mean(np.abs(np.diff(c))) * RATE), float(np.max(np.abs(np.diff(c))) * RATE)]
                for l, c in zip(lines, x)
            ],
            "meanCrossings": [crossings(c - c.mean()) for c in x],
            "zeroCrossings": [crossings(c) for c in x],
            "hjorth": [hjorth(c) for c in x],
            "sampleEntropy": [[entropy(c, 2, 0.2, 1), entropy(c, 3, 0.35, 1), entropy(c, 2, 0.2, 2)] for c in x],
            "autocorrelation": [[float(v) for v in acf(c, nlags=30, fft=False)] for c in x],
            "correlation": float(stats.pearsonr(x[0], x[1])[0]),
            "largest": largest(x[0], x[1], 15),
        }
    )

times = []
for zone in ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]:
    for iso in [
        "2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00", "2024-02-29T12:00:00",
        "2024-12-31T23:59:30", "1969-07-20T20:17:40", "2026-11-21T03:29:59.500",
    ]:
        moment = datetime.datetime.fromisoformat(iso).replace(tzinfo=datetime.timezone.utc)
        local = moment.astimezone(ZoneInfo(zone))
        day = (local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6) / 86400
        year = (local.date() - datetime.date(local.year, 1, 1)).days / (366 if local.year % 4 == 0 else 365)
        times.append(
            {
                "zone": zone,
                "time": round(moment.timestamp() * 1000),
                "day": day,
                "week": local.weekday() / 7,
                "year": year,
                "weekend": int(local.weekday() >= 5),
                "hour": 24 * day,
                "weekday": local.isoweekday(),
            }
        )

out = {"numpy": np.__version__, "cases": cases, "times": times}
Path(__file__).with_name("time.json").write_text(json.dumps(out) + "\n")
