"""Models as scikit-learn users export them, and what scikit-learn itself says of some rows.

python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.* skl2onnx==1.20.* && venv/bin/python reference.py
Writes isolation-forest.onnx, zipmap.onnx, text-labels.onnx and reference.json beside this file.
"""

import json
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).resolve().parent

rng = np.random.default_rng(7)
x = rng.normal(size=(300, 3)).astype(np.float32)
y = (x[:, 0] + 0.5 * x[:, 1] > 0).astype(int) + (x[:, 2] > 1).astype(int)
rows = np.vstack([rng.normal(size=(6, 3)), [[8, -8, 8]]]).astype(np.float32)

forest = IsolationForest(n_estimators=8, max_samples=32, random_state=7).fit(x)
numbers = LogisticRegression().fit(x, y)
texts = LogisticRegression().fit(x, np.array(["idle", "spin", "shake"])[y])


def write(name, model, **options):
    onnx = to_onnx(model, x[:1], target_opset={"": 17, "ai.onnx.ml": 3}, options={id(model): options})
    (HERE / name).write_bytes(onnx.SerializeToString())


write("isolation-forest.onnx", forest)
write("zipmap.onnx", numbers)
write("text-labels.onnx", texts, zipmap=False)

json.dump(
    {
        "rows": rows.tolist(),
        "isolationForest": {"label": forest.predict(rows).tolist(), "scores": forest.decision_function(rows).tolist()},
        "zipmap": {"label": numbers.predict(rows).tolist()},
        "textLabels": {"label": texts.predict(rows).tolist(), "probabilities": texts.predict_proba(rows).tolist()},
    },
    open(HERE / "reference.json", "w"),
    indent=1,
)
