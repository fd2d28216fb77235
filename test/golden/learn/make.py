"""Golden values for nodes/lib/learn, from numpy, scipy and scikit-learn.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy scipy scikit-learn
    /tmp/venv/bin/python test/golden/learn/make.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
rng = np.random.default_rng(20240611)


def save(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def numbers(array):
    return [float(f"{x:.12g}") for x in np.asarray(array).ravel()]


# PCA: 80 rows of 6 features driven by 2 sources, with offsets and scales as sensors have them.
sources = rng.normal(size=(80, 2))
x = sources @ rng.normal(size=(2, 6)) + 0.3 * rng.normal(size=(80, 6))
x = np.round(x * [1, 10, 0.1, 1, 100, 1] + [20, 1000, 0, -5, 101325, 0.5], 3).astype(np.float32)
fresh = np.round(x[:5] + rng.normal(size=(5, 6)) * [2, 20, 0.2, 2, 200, 2], 3).astype(np.float32)
cases = []
for retained in (0.5, 0.8, 0.95):
    scaler = StandardScaler().fit(x.astype(np.float64))
    z = scaler.transform(x.astype(np.float64))
    full = PCA().fit(z)
    kept = int(np.searchsorted(np.cumsum(full.explained_variance_ratio_), retained) + 1)
    pca = PCA(n_components=kept).fit(z)

    def t2_q(rows):
        rows = scaler.transform(rows.astype(np.float64))
        t = pca.transform(rows)
        residual = rows - pca.inverse_transform(t)
        return (t**2 / pca.explained_variance_).sum(1), (residual**2).sum(1)

    t2, q = t2_q(x)
    limit_t2, limit_q = np.quantile(t2, 0.95), np.quantile(q, 0.95)
    fresh_t2, fresh_q = t2_q(fresh)
    cases.append(
        {
            "variance": retained,
            "components": kept,
            "limitT2": float(limit_t2),
            "limitQ": float(limit_q),
            "phi": numbers(fresh_q / limit_q + fresh_t2 / limit_t2),
        }
    )
save(
    "pca",
    {
        "rows": 80,
        "columns": 6,
        "data": numbers(x),
        "fresh": numbers(fresh),
        "mean": numbers(scaler.mean_),
        "std": numbers(scaler.scale_),
        "eigenvalues": numbers(full.explained_variance_),
        "cases": cases,
    },
)

# k-means: 240 rows of 3 features in five clouds of different size and spread.
centres = rng.normal(size=(5, 3)) * 4
x = np.concatenate([centres[i] + rng.normal(size=(n, 3)) * s for i, (n, s) in enumerate([(100, 1), (60, 0.5), (40, 1.5), (30, 0.3), (10, 0.2)])])
x = np.round(x, 3).astype(np.float32)
z = StandardScaler().fit_transform(x.astype(np.float64))
save(
    "kmeans",
    {
        "rows": 240,
        "columns": 3,
        "data": numbers(x),
        "inertia": [
            {"clusters": k, "value": float(KMeans(k, n_init=20, random_state=0, algorithm="lloyd").fit(z).inertia_)}
            for k in (2, 5, 8, 16)
        ],
    },
)

# Symmetric eigenproblems: random, rank-deficient, with a repeated eigenvalue.
a = rng.normal(size=(12, 12))
b = rng.normal(size=(4, 10))
c = np.linalg.qr(rng.normal(size=(6, 6)))[0]
matrices = {"random": a + a.T, "rank 4 of 10": b.T @ b, "repeated": c @ np.diag([3, 3, 3, 1, 1, -2]) @ c.T}
save(
    "eigen",
    [
        {"name": name, "n": len(m), "matrix": numbers(m), "values": numbers(np.linalg.eigvalsh(m)[::-1])}
        for name, m in matrices.items()
    ],
)

# Tails: probability-weighted moments as in Hosking & Wallis, written with numpy, of known distributions; and the true
# quantiles, to which the extrapolation has to come near.
tails = []
for name, distribution in {
    "exponential": stats.expon(scale=2),
    "normal": stats.norm(),
    "chi-squared(4)": stats.chi2(4),
    "Student t(6)": stats.t(6),
    "uniform": stats.uniform(),
}.items():
    values = np.sort(np.round(distribution.rvs(size=1000, random_state=rng), 5))
    top = values[-100:] - values[-101]
    a0 = top.mean()
    a1 = (top * (1 - (np.arange(1, 101) - 0.35) / 100)).mean()
    tails.append(
        {
            "name": name,
            "values": numbers(values),
            "shape": float(2 - a0 / (a0 - 2 * a1)) * 1.0,
            "scale": float(2 * a0 * a1 / (a0 - 2 * a1)),
            "true": {"probability": 1e-4, "value": float(distribution.isf(1e-4))},
        }
    )
save("tails", tails)
