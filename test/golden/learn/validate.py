"""Golden values for nodes/lib/learn/validate and math/beta, from scipy and scikit-learn.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install numpy scipy scikit-learn
    /tmp/venv/bin/python test/golden/learn/validate.py
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.optimize import minimize_scalar
from sklearn import metrics

rng = np.random.default_rng(20241128)

cdf = [
    {"x": x, "a": a, "b": b, "p": float(stats.beta.cdf(x, a, b))}
    for a, b in [(0.5, 0.5), (1, 1), (2, 5), (5, 2), (30, 470), (1, 5000), (12.3, 980.7), (3000, 9000)]
    for x in [1e-4, 0.01, 0.06, 0.25, 0.5, 0.9]
]
intervals = []
for found, of in [(0, 20), (0, 500), (1, 500), (7, 500), (50, 1000), (3, 3), (480, 500)]:
    ci = stats.binomtest(found, of).proportion_ci(0.95, method="exact")
    intervals.append({"found": found, "of": of, "low": float(ci.low), "high": float(ci.high)})


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def ece(p, y, bins=15):
    confidence, said = p.max(axis=1), p.argmax(axis=1)
    place = np.minimum(bins - 1, np.floor(confidence * bins).astype(int))
    return float(sum(abs((confidence[place == b] - (said == y)[place == b]).sum()) for b in range(bins)) / len(y))


classes = []
for name, count, rows, sureness in [("three, too sure", 3, 240, 3.0), ("two, too unsure", 2, 150, 0.4), ("four", 4, 200, 1.0)]:
    z = 1.5 * rng.normal(size=(rows, count))
    y = np.array([rng.choice(count, p=row) for row in softmax(z)])
    p = softmax(sureness * z).astype(np.float32)
    said = p.argmax(axis=1)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(y, said, zero_division=0)
    floor = np.log(np.maximum(1e-6, p.astype(float)))
    loss = lambda t: metrics.log_loss(y, softmax(floor / t), labels=range(count))
    best = minimize_scalar(lambda u: loss(1 / u), bounds=(0.05, 20), method="bounded", options={"xatol": 1e-9})
    classes.append(
        {
            "name": name,
            "count": count,
            "probabilities": [float(f"{v:.9g}") for v in p.ravel()],
            "truth": y.tolist(),
            "confusion": metrics.confusion_matrix(y, said).tolist(),
            "precision": precision.tolist(),
            "recall": recall.tolist(),
            "f1": f1.tolist(),
            "accuracy": float(metrics.accuracy_score(y, said)),
            "balancedAccuracy": float(metrics.balanced_accuracy_score(y, said)),
            "macroF1": float(metrics.f1_score(y, said, average="macro")),
            "logLoss": float(-np.log(p.astype(float)[np.arange(rows), y]).mean()),
            "auc": [float(metrics.roc_auc_score(y == c, p[:, c])) for c in range(count)],
            "calibrationError": ece(p.astype(float), y),
            "temperature": float(1 / best.x),
        }
    )

truth = rng.normal(size=60)
said = truth + 0.4 * rng.normal(size=60)
values = {
    "said": said.tolist(),
    "truth": truth.tolist(),
    "rmse": float(np.sqrt(metrics.mean_squared_error(truth, said))),
    "mae": float(metrics.mean_absolute_error(truth, said)),
    "r2": float(metrics.r2_score(truth, said)),
}

out = {"cdf": cdf, "intervals": intervals, "classes": classes, "values": values}
Path(__file__).with_name("validate.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
