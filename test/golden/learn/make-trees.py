"""Golden values for the learners of trees and of neighbours in nodes/lib/learn, from scikit-learn.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy scikit-learn
    /tmp/venv/bin/python test/golden/learn/make-trees.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor, NearestNeighbors
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn.utils.class_weight import compute_sample_weight

HERE = Path(__file__).parent
rng = np.random.default_rng(20240923)


def save(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def numbers(array):
    return [float(f"{x:.9g}") for x in np.asarray(array).ravel()]


def rounded(x):
    return np.round(x, 3).astype(np.float32)


# One tree: 240 rows of 5 features with offsets and scales as sensors have them, three classes of which one is rare, and a
# value. So few rows that each number is a bin of its own.
x = rounded(rng.normal(size=(240, 5)) * [1, 10, 0.5, 1, 100] + [20, 1000, 0, -5, 101325])
z = (x - [20, 1000, 0, -5, 101325]) / [1, 10, 0.5, 1, 100]
label = (z[:, 0] + z[:, 1] * z[:, 2] + 0.5 * rng.normal(size=240) > 0).astype(int)
label[(z[:, 3] > 1.3) & (z[:, 0] > -0.5)] = 2
value = np.round(101325 + 3 * z[:, 0] + 2 * (z[:, 1] > 0.5) + 0.3 * rng.normal(size=240), 3)
fresh = rounded(rng.normal(size=(60, 5)) * [1.2, 12, 0.6, 1.2, 120] + [20, 1000, 0, -5, 101325])


def told(make, y):
    """By fresh row; none where seeds disagree: they decide between splits that are equally good."""
    models = [make(seed).fit(x, y) for seed in range(12)]
    answers = np.array([m.predict_proba(fresh) if hasattr(m, "predict_proba") else m.predict(fresh)[:, None] for m in models])
    same = np.ptp(answers, axis=0).max(axis=1) < 1e-9
    assert same.mean() >= 0.8, same.mean()
    return [[float(f"{v:.10g}") for v in row] if one else None for row, one in zip(answers[0], same)]


tree_cases = []
for depth, leaf, balanced in [(1, 5, False), (3, 10, False), (4, 10, True), (5, 15, False)]:
    weight = "balanced" if balanced else None
    tree_cases.append(
        {
            "maxDepth": depth,
            "minLeaf": leaf,
            "balanced": balanced,
            "probabilities": told(
                lambda seed: DecisionTreeClassifier(
                    max_depth=depth, min_samples_leaf=leaf, class_weight=weight, random_state=seed
                ),
                label,
            ),
        }
    )
value_cases = [
    {
        "maxDepth": depth,
        "minLeaf": leaf,
        "values": told(
            lambda seed: DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, random_state=seed), value
        ),
    }
    for depth, leaf in [(2, 10), (5, 10)]
]

# Neighbours of the same rows.
scaler = StandardScaler().fit(x.astype(np.float64))
zx, zf = scaler.transform(x.astype(np.float64)), scaler.transform(fresh.astype(np.float64))
neighbour_cases = []
for k in (1, 5, 12):
    distances, indices = NearestNeighbors(n_neighbors=k).fit(zx).kneighbors(zf)
    neighbour_cases.append(
        {
            "neighbours": k,
            "mean": numbers(distances.mean(axis=1)),
            "farthest": numbers(distances[:, -1]),
            "contributions": numbers((zf - zx[indices].mean(axis=1))[:5] ** 2),
            **{
                weights: {
                    "probabilities": numbers(KNeighborsClassifier(k, weights=weights).fit(zx, label).predict_proba(zf)),
                    "values": [
                        float(f"{v:.10g}") for v in KNeighborsRegressor(k, weights=weights).fit(zx, value).predict(zf)
                    ],
                }
                for weights in ("uniform", "distance")
            },
        }
    )
save(
    "trees",
    {
        "rows": 240,
        "columns": 5,
        "data": numbers(x),
        "classes": label.tolist(),
        "values": np.round(value, 3).tolist(),
        "fresh": numbers(fresh),
        "trees": tree_cases,
        "valueTrees": value_cases,
        "neighbours": neighbour_cases,
    },
)

# Forests: what many of them say on average, since each is drawn.
columns = 8
mixing = rng.normal(size=(3, columns))


def normal_rows(n):
    return rng.normal(size=(n, 3)) @ mixing + 0.4 * rng.normal(size=(n, columns))


x = rounded(normal_rows(700))
test = normal_rows(200)
test[100:] += rng.choice([-1, 1], size=(100, columns)) * (rng.random((100, columns)) < 0.3) * 3
test = rounded(test)
anomalous = np.repeat([0, 1], 100)
scores = np.array(
    [-IsolationForest(n_estimators=100, max_samples=256, random_state=s).fit(x).score_samples(test) for s in range(120)]
)
signal = lambda rows: rows[:, 0] * rows[:, 1] / 3 + rows[:, 2]
noise = 0.8 * rng.normal(size=700)
limit = np.quantile(signal(x) + noise, 0.85)
label = (signal(x) + noise > limit).astype(int)
fresh_label = (signal(test) + 0.8 * rng.normal(size=200) > limit).astype(int)
value = np.round(signal(x) + 0.3 * noise + 20, 3)
fresh_value = np.round(signal(test) + 20, 3)
settings = dict(n_estimators=50, max_depth=12)


def forest(seed):
    return RandomForestClassifier(**settings, min_samples_leaf=2, random_state=seed).fit(x, label).predict_proba(test)[:, 1]


def weighted_forest(seed):
    """Rows are drawn alike and then weighed, as scikit-learn's forest did before 1.9, which draws them by weight."""
    draw = np.random.default_rng(seed)
    weight = compute_sample_weight("balanced", label)
    trees = [
        DecisionTreeClassifier(max_depth=12, min_samples_leaf=2, max_features="sqrt", random_state=1000 * seed + i)
        for i in range(50)
    ]
    for tree in trees:
        tree.fit(x, label, sample_weight=weight * np.bincount(draw.integers(0, len(x), len(x)), minlength=len(x)))
    return np.mean([tree.predict_proba(test)[:, 1] for tree in trees], axis=0)


forests = {}
for balanced in (False, True):
    p = np.array([(weighted_forest if balanced else forest)(s) for s in range(20)])
    forests["balanced" if balanced else "plain"] = {
        "probabilities": numbers(p.mean(axis=0)),
        "auc": float(np.mean([roc_auc_score(fresh_label, one) for one in p])),
        "accuracy": float(np.mean([np.mean((one > 0.5) == fresh_label) for one in p])),
    }
v = np.array(
    [
        RandomForestRegressor(**settings, min_samples_leaf=5, max_features=3, random_state=s).fit(x, value).predict(test)
        for s in range(20)
    ]
)
save(
    "forests",
    {
        "rows": 700,
        "columns": columns,
        "data": numbers(x),
        "test": numbers(test),
        "anomalous": anomalous.tolist(),
        "isolation": {
            "scores": numbers(scores.mean(axis=0)),
            "auc": float(np.mean([roc_auc_score(anomalous, one) for one in scores])),
        },
        "classes": label.tolist(),
        "testClasses": fresh_label.tolist(),
        **forests,
        "values": np.round(value, 3).tolist(),
        "testValues": fresh_value.tolist(),
        "regression": {"values": numbers(v.mean(axis=0)), "r2": float(np.mean([r2_score(fresh_value, one) for one in v]))},
    },
)
