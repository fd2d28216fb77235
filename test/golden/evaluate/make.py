"""Golden values of nodes/lib/evaluate, from scikit-learn and numpy.

    python -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python test/golden/evaluate/make.py
"""
import json
from pathlib import Path

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, precision_score, roc_auc_score

random = np.random.default_rng(7)


def roc(scores, truth):
    return {"scores": [float(s) for s in scores], "truth": [int(t) for t in truth], "auc": float(roc_auc_score(truth, scores))}


truth = random.integers(0, 2, 200)
cases = {
    "continuous": roc(np.round(random.normal(size=200) + truth, 6), truth),
    "many ties": roc(random.integers(0, 5, 200) + truth, truth),
    "all tied": roc(np.zeros(20), np.arange(20) % 2),
    "perfect": roc(np.arange(10), np.arange(10) >= 5),
    "inverted": roc(-np.arange(10), np.arange(10) >= 5),
    "one positive": roc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 0]),
    "infinite range": roc([-1e308, 1e308, 0, 1e-308], [0, 1, 0, 1]),
}

predicted = random.integers(0, 2, 200)
tn, fp, fn, tp = confusion_matrix(truth, predicted).ravel()
values = np.round(random.normal(size=37), 6)

Path(__file__).with_name("metrics.json").write_text(
    json.dumps(
        {
            "roc": cases,
            "confusion": {
                "truth": truth.tolist(),
                "predicted": predicted.tolist(),
                "counts": [int(tp), int(fp), int(tn), int(fn)],
                "precision": float(precision_score(truth, predicted)),
                "f1": float(f1_score(truth, predicted)),
            },
            "percentile": {
                "values": values.tolist(),
                "at": {str(p): float(np.percentile(values, p)) for p in (0, 1, 25, 50, 90, 99, 99.9, 100)},
            },
        }
    )
    + "\n"
)
