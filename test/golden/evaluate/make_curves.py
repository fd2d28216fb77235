"""Golden values of the curves, class metrics and regression metrics of nodes/lib/evaluate, from scikit-learn and scipy.

    python -m venv venv && venv/bin/pip install scikit-learn scipy && venv/bin/python test/golden/evaluate/make_curves.py
"""
import json
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_curve,
    precision_recall_fscore_support,
    r2_score,
    roc_auc_score,
    roc_curve,
)

warnings.filterwarnings("ignore")
random = np.random.default_rng(11)


def curves(scores, truth):
    scores, truth = np.asarray(scores, float), np.asarray(truth, int)
    false_positive_rate, true_positive_rate, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, levels = precision_recall_curve(truth, scores)
    return {
        "scores": scores.tolist(),
        "truth": truth.tolist(),
        # The first threshold stands for "nothing is positive".
        "roc": [list(map(float, point)) for point in zip(thresholds[1:], false_positive_rate[1:], true_positive_rate[1:])],
        # scikit-learn goes up, and ends in a point of its own.
        "precisionRecall": [
            list(map(float, point)) for point in zip(levels[::-1], recall[:-1][::-1], precision[:-1][::-1])
        ],
        "auc": float(roc_auc_score(truth, scores)),
        "averagePrecision": float(average_precision_score(truth, scores)),
    }


truth = random.integers(0, 2, 120)
rare = (random.random(300) < 0.05).astype(int)
cases = {
    "continuous": curves(np.round(random.normal(size=120) + truth, 6), truth),
    "many ties": curves(random.integers(0, 6, 120) + truth, truth),
    "all tied": curves(np.zeros(12), np.arange(12) % 2),
    "perfect": curves(np.arange(10), np.arange(10) >= 5),
    "inverted": curves(-np.arange(10), np.arange(10) >= 5),
    "few positives": curves(np.round(random.normal(size=300) + 1.5 * rare, 4), rare),
}

names = ["idle", "spin", "shake", "never said"]
true = random.choice(names, 200, p=[0.5, 0.3, 0.15, 0.05])
said = np.where(random.random(200) < 0.7, true, random.choice(names[:3], 200))
said[said == "never said"] = "idle"
labels = list(dict.fromkeys(np.stack([true, said], 1).ravel().tolist()))
precision, recall, f1, support = precision_recall_fscore_support(true, said, labels=labels, zero_division=np.nan)
probabilities = random.dirichlet(np.ones(3), 90)
winners = np.array([random.choice(3, p=(row + 0.5) / 2.5) for row in probabilities])

predicted = random.normal(20, 3, 150)
actual = predicted + random.normal(0.4, 1.1, 150)

Path(__file__).with_name("curves.json").write_text(
    json.dumps(
        {
            "curves": cases,
            "classes": {
                "truth": true.tolist(),
                "predicted": said.tolist(),
                "labels": labels,
                "matrix": confusion_matrix(true, said, labels=labels).tolist(),
                "precision": [None if np.isnan(p) else float(p) for p in precision],
                "recall": recall.tolist(),
                "f1": [0 if np.isnan(f) else float(f) for f in f1],
                "support": support.tolist(),
                "accuracy": float(accuracy_score(true, said)),
                "macroF1": float(f1_score(true, said, average="macro", labels=labels, zero_division=0)),
                "balancedAccuracy": float(balanced_accuracy_score(true, said)),
            },
            "oneVersusRest": {
                "probabilities": np.round(probabilities, 8).tolist(),
                "truth": winners.tolist(),
                "auc": [float(roc_auc_score(winners == k, np.round(probabilities[:, k], 8))) for k in range(3)],
            },
            "regression": {
                "predicted": predicted.tolist(),
                "truth": actual.tolist(),
                "rmse": float(np.sqrt(mean_squared_error(actual, predicted))),
                "mae": float(mean_absolute_error(actual, predicted)),
                "r2": float(r2_score(actual, predicted)),
                "bias": float(np.mean(predicted - actual)),
            },
            "wilson": [
                [count, of, *map(float, binomtest(count, of).proportion_ci(0.95, method="wilson"))]
                for count, of in [(0, 1), (0, 20), (1, 20), (7, 20), (20, 20), (500, 1000), (3, 100000)]
            ],
        }
    )
    + "\n"
)
