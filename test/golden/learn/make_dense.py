"""Golden values for the learners of dense mathematics, from numpy and scikit-learn.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy scipy scikit-learn
    /tmp/venv/bin/python test/golden/learn/make_dense.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
from sklearn.covariance import EmpiricalCovariance, LedoitWolf, MinCovDet
from sklearn.datasets import make_classification, make_moons
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
rng = np.random.default_rng(20240705)


def save(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def numbers(array, digits=9):
    return [float(f"{x:.{digits}g}") for x in np.asarray(array, dtype=np.float64).ravel()]


def rounded(x, decimals=3):
    return np.round(x, decimals).astype(np.float32).astype(np.float64)


def block(x):
    return {"rows": len(x), "columns": x.shape[1], "data": numbers(x)}


# Linear and ridge regression: 120 rows of 6 features with the scales and offsets of sensors, two of them alike, one
# the sum of two others, one constant.
sources = rng.normal(size=(120, 4))
x = np.column_stack([sources, sources[:, 0] + sources[:, 1], np.full(120, 21.0)]) * [1, 10, 0.1, 2, 1, 1]
x[:, 4] = x[:, 0] * 0.5 + x[:, 1] * 0.25
x = rounded(x, 2) + [20, 0, 0, 1013, 0, 0]
x[:, 4] = x[:, 0] * 0.5 + x[:, 1] * 0.25  # exact in float32
y = np.round(3 * sources[:, 0] - 2 * sources[:, 1] + 0.5 * sources[:, 3] + 0.4 * rng.normal(size=120) + 50, 3)
fresh = x[:10] + np.array([0.5, 2, 0.05, 1, 0, 0]) * rng.normal(size=(10, 6))
fresh = rounded(fresh, 2)
fresh[:, 4] = fresh[:, 0] * 0.5 + fresh[:, 1] * 0.25
z = StandardScaler().fit(x)


def gcv(alpha):
    zz = z.transform(x)
    n = len(zz)
    hat = zz @ np.linalg.solve(zz.T @ zz + alpha * np.eye(zz.shape[1]), zz.T) + 1 / n
    return n * np.sum((y - hat @ y) ** 2) / (n - np.trace(hat)) ** 2


alphas = 120 * 10.0 ** (-6 + np.arange(33) / 4)
best = float(min(alphas, key=gcv))
save(
    "linear",
    {
        **block(x),
        "values": numbers(y),
        "fresh": numbers(fresh),
        "linear": numbers(LinearRegression().fit(x, y).predict(fresh)),
        "r2": float(LinearRegression().fit(x, y).score(x, y)),
        "ridge": [
            {"alpha": a, "values": numbers(Ridge(a).fit(z.transform(x), y).predict(z.transform(fresh)))}
            for a in (0.1, 10, 1000)
        ],
        "best": {"alpha": best, "values": numbers(Ridge(best).fit(z.transform(x), y).predict(z.transform(fresh)))},
    },
)

# Logistic regression: two, three and five classes that overlap, equal and unequal, and some that a border separates.
cases = []
for name, count, weights, separation, freedom, balanced in [
    ("two classes", 2, None, 0.7, 1, True),
    ("three classes", 3, None, 0.8, 1, True),
    ("five classes, unequal", 5, [0.5, 0.25, 0.15, 0.06, 0.04], 1.0, 0.3, True),
    ("two classes, unequal", 2, [0.9, 0.1], 0.7, 10, True),
    ("two classes, unequal, as they are", 2, [0.9, 0.1], 0.7, 10, False),
    ("three classes that are far apart", 3, None, 8, 1, True),
]:
    x, c = make_classification(
        240, 5, n_informative=4, n_redundant=1, n_classes=count, n_clusters_per_class=1, weights=weights,
        class_sep=separation, random_state=len(cases) + 1,
    )
    x = rounded(x * [1, 20, 0.3, 5, 1] + [0, 100, 0, -20, 3])
    scaler = StandardScaler().fit(x)
    model = LogisticRegression(
        C=freedom, tol=1e-9, max_iter=10000, class_weight="balanced" if balanced else None
    ).fit(scaler.transform(x), c)
    cases.append(
        {
            "name": name, "count": count, "freedom": freedom, "balanced": balanced, **block(x), "classes": c.tolist(),
            "probabilities": numbers(model.predict_proba(scaler.transform(x[:40])), 6),
        }
    )
save("logistic", cases)

# Gaussian mixtures: three clouds of different shape. The best of several starts, so that both find the same one.
parts = []
for mean, mixing, n in [([0, 0, 0], [[1, 0, 0], [0.8, 0.4, 0], [0, 0, 1]], 160), ([6, -3, 2], [[0.5, 0, 0], [0, 1, 0.5], [0, 0, 0.7]], 120), ([-5, 4, 0], [[1, 0.5, 0.2], [0, 0.6, 0], [0, 0, 0.3]], 80)]:
    parts.append(rng.normal(size=(n, 3)) @ np.array(mixing) + mean)
x = rounded(np.concatenate(parts) * [1, 10, 0.1] + [0, 100, 5])
fresh = rounded(x[::36] + rng.normal(size=(10, 3)) * [2, 20, 0.2])
scaler = StandardScaler().fit(x)
z = scaler.transform(x)
save(
    "gmm",
    {
        **block(x),
        "fresh": numbers(fresh),
        "cases": [
            {
                "components": k,
                "covariance": kind,
                "logLikelihood": float(m.score(z)),
                "scores": numbers(-m.score_samples(scaler.transform(fresh))),
            }
            for k, kind in [(1, "full"), (3, "full"), (3, "diag")]
            for m in [
                GaussianMixture(k, covariance_type=kind, n_init=10, tol=1e-8, max_iter=5000, reg_covar=1e-4, random_state=0).fit(z)
            ]
        ],
    },
)

# Robust covariance: 300 rows of 4 features, a sixth of them far away on one side.
x = rng.normal(size=(300, 4)) @ np.array([[1, 0.7, 0, 0.2], [0, 0.6, 0.3, 0], [0, 0, 1, -0.5], [0, 0, 0, 0.4]])
x[::6] = x[::6] * 0.3 + [5, -4, 3, 6]
x = rounded(x * [1, 10, 0.1, 100] + [20, 0, 5, 1000])
fresh = rounded(x[:12] + rng.normal(size=(12, 4)) * [1, 10, 0.1, 100])
few = x[1:13]
scaler = StandardScaler().fit(x)
save(
    "mahalanobis",
    {
        **block(x),
        "fresh": numbers(fresh),
        "cases": [
            {"trusted": h, "distances": numbers(MinCovDet(support_fraction=h if h > 0.5 else None, random_state=0).fit(x).mahalanobis(fresh))}
            for h in (0.5, 0.75)
        ],
        "classical": numbers(EmpiricalCovariance().fit(x).mahalanobis(fresh)),
        "few": {
            **block(few),
            "shrinkage": float(LedoitWolf().fit(StandardScaler().fit_transform(few)).shrinkage_),
            "distances": numbers(
                LedoitWolf().fit(StandardScaler().fit_transform(few)).mahalanobis(StandardScaler().fit(few).transform(fresh))
            ),
        },
    },
)

# Quality on data that were not learned from: neural networks.
x, c = make_moons(900, noise=0.2, random_state=1)
angles = rng.uniform(0, 2 * np.pi, 900)
x = rounded(np.column_stack([x, np.sin(angles), rng.normal(size=900)]) * [1, 10, 1, 3], 2)
x2, c2 = make_classification(900, 8, n_informative=5, n_redundant=2, n_classes=4, n_clusters_per_class=2, class_sep=1.3, random_state=5)
x2 = rounded(x2, 2)
quality = []
for name, data, classes in [("moons", x, c), ("four classes", x2, c2)]:
    scaler = StandardScaler().fit(data[:300])
    # The mean of several starts: one alone depends on its luck.
    models = [
        MLPClassifier(hidden_layer_sizes=(32,), max_iter=400, random_state=seed).fit(scaler.transform(data[:300]), classes[:300])
        for seed in range(5)
    ]
    quality.append(
        {
            "name": name, **block(data), "classes": classes.tolist(),
            "accuracy": float(np.mean([m.score(scaler.transform(data[300:]), classes[300:]) for m in models])),
        }
    )
y = np.sin(x[:, 0] * 2) + x[:, 1] / 10 + x[:, 2] * x[:, 3] / 3 + 0.1 * rng.normal(size=900)
y = np.round(y * 100 + 1000, 3)
scaler = StandardScaler().fit(x[:300])
mean, deviation = y[:300].mean(), y[:300].std()
models = [MLPRegressor(hidden_layer_sizes=(32,), max_iter=3000, random_state=s).fit(scaler.transform(x[:300]), (y[:300] - mean) / deviation) for s in range(5)]
save(
    "networks",
    {
        "classes": quality,
        "values": {
            **block(x), "values": numbers(y, 6),
            "r2": float(np.mean([1 - np.mean((y[300:] - deviation * m.predict(scaler.transform(x[300:])) - mean) ** 2) / y[300:].var() for m in models])),
        },
    },
)

# Quantiles and probabilities of chi-squared distributions.
from scipy.stats import chi2  # noqa: E402

save(
    "chi-squared",
    [
        {"degrees": int(k), "share": s, "quantile": float(chi2.ppf(s, k)), "above": float(chi2.cdf(chi2.ppf(s, k), k + 2))}
        for k in (1, 2, 5, 24, 100, 512)
        for s in (0.01, 0.5, 0.75, 0.975, 0.999)
    ],
)

# Anomaly detectors on frames that were not learned from: a machine with two ways of running, eight sensors that three
# sources drive; in a quarter of the tested frames one sensor breaks its relation to the others, by more or by less.
from sklearn.cluster import KMeans  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.metrics import roc_auc_score  # noqa: E402

mixing = rng.normal(size=(2, 3, 8))
places = rng.normal(size=(2, 8)) * 2
way = rng.integers(0, 2, 900)
x = places[way] + np.einsum("ns,nsf->nf", rng.normal(size=(900, 3)), mixing[way]) + 0.3 * rng.normal(size=(900, 8))
strange = np.zeros(900, int)
strange[500:600] = 1
for row in range(500, 600):
    x[row, rng.integers(0, 8)] += rng.choice([-1, 1]) * rng.uniform(0.5, 2.5)
x = rounded(x * [1, 10, 0.1, 1, 5, 100, 1, 2] + [20, 0, 5, 1013, 0, 0, -3, 0], 3)
scaler = StandardScaler().fit(x[:500])
z, tested = scaler.transform(x[:500]), scaler.transform(x[500:])


def kmeans_score(clusters, seed):
    model = KMeans(clusters, n_init=3, random_state=seed).fit(z)
    reach = np.array([model.transform(z)[model.labels_ == k, k].max() for k in range(clusters)])
    return (model.transform(tested) - reach).min(1)


def pca_score():
    model = PCA(0.95).fit(z)

    def parts(rows):
        t = model.transform(rows)
        return (t**2 / model.explained_variance_).sum(1), ((rows - model.inverse_transform(t)) ** 2).sum(1)

    (t2, q), (fresh_t2, fresh_q) = parts(z), parts(tested)
    return fresh_t2 / np.quantile(t2, 0.95) + fresh_q / np.quantile(q, 0.95)


def autoencoder_score(seed):
    model = MLPRegressor(hidden_layer_sizes=(6, 2, 6), activation="tanh", max_iter=3000, random_state=seed).fit(z, z)
    return ((model.predict(tested) - tested) ** 2).mean(1)


def auc(score):
    return float(roc_auc_score(strange[500:], score))


save(
    "anomaly-quality",
    {
        **block(x), "strange": strange.tolist(), "learned": 500,
        "auc": {
            "pca": auc(pca_score()),
            "kmeans": float(np.mean([auc(kmeans_score(16, seed)) for seed in range(5)])),
            "mahalanobis": auc(MinCovDet(support_fraction=0.75, random_state=0).fit(z).mahalanobis(tested)),
            "gmm": auc(-GaussianMixture(4, n_init=3, reg_covar=1e-4, random_state=0).fit(z).score_samples(tested)),
            "autoencoder": float(np.mean([auc(autoencoder_score(seed)) for seed in range(5)])),
        },
    },
)
