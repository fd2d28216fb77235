"""Models as people export them from scikit-learn, XGBoost and LightGBM, and what those libraries themselves answer.

python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.* skl2onnx==1.20.* xgboost==3.2.* lightgbm==4.7.* \
  onnxmltools==1.16.* && venv/bin/python make_trained.py
Writes the folder trained/: <model>.onnx, and trained.json with the rows and the answers of the library that trained each.
"""

import json
import warnings
from pathlib import Path

import lightgbm
import numpy as np
import xgboost
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx
from sklearn.ensemble import IsolationForest, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeRegressor

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
FOLDER = HERE / "trained"
FOLDER.mkdir(exist_ok=True)

rng = np.random.default_rng(11)
x = (rng.normal(size=(200, 3)) * [1, 5, 0.2] + [0, 20, 1]).astype(np.float32)
number = (x[:, 0] > 0).astype(int) + (x[:, 1] > 22)
text = np.array(["idle", "spin", "shake"])[number]
rows = (rng.normal(size=(8, 3)) * [1, 5, 0.2] + [0, 20, 1]).astype(np.float32)
answers = {"rows": rows.tolist(), "classes": {}, "values": {}}


def save(name, onnx):
    (FOLDER / f"{name}.onnx").write_bytes(onnx.SerializeToString())


def sklearn(name, model, target, **options):
    model.fit(x, target)
    opset = {"": 17, "ai.onnx.ml": 3}
    save(name, to_onnx(model, x[:1], target_opset=opset, options={id(model): options} if options else None))
    return model


def classes(name, model):
    answers["classes"][name] = {
        "labels": [str(each) for each in model.classes_],
        "label": [str(each) for each in model.predict(rows)],
        "probabilities": model.predict_proba(rows).tolist(),
    }


def values(name, predicted):
    answers["values"][name] = np.reshape(predicted, (len(rows), -1)).tolist()


# zipmap: skl2onnx's default. Where it is switched off, the probabilities come as a tensor.
classes("zipmap-text", sklearn("zipmap-text", LogisticRegression(), text))
classes("zipmap-number", sklearn("zipmap-number", RandomForestClassifier(4, max_depth=3, random_state=1), number))
classes("plain-text", sklearn("plain-text", RandomForestClassifier(4, max_depth=3, random_state=1), text, zipmap=False))
classes("bayes", sklearn("bayes", GaussianNB(), text, zipmap=False))
classes("svc", sklearn("svc", make_pipeline(StandardScaler(), SVC(probability=True, random_state=1)), text))
network = MLPClassifier((6,), max_iter=300, random_state=1)
classes("pipeline", sklearn("pipeline", make_pipeline(StandardScaler(), network), text))
classes("two-classes", sklearn("two-classes", LogisticRegression(), np.where(number > 0, "bad", "good")))

several = sklearn("several-targets", MultiOutputClassifier(LogisticRegression()), np.c_[number, number > 0], zipmap=False)
answers["severalTargets"] = [each.tolist() for each in several.predict_proba(rows)]

target = x @ np.array([1.0, -0.5, 3.0])
values("regressor", sklearn("regressor", make_pipeline(StandardScaler(), LinearRegression()), target).predict(rows))
both = np.c_[target, x[:, 1] ** 2]
values("two-values", sklearn("two-values", DecisionTreeRegressor(max_depth=4), both).predict(rows))

forest = IsolationForest(n_estimators=8, max_samples=32, random_state=7).fit(x)
save("isolation-forest", to_onnx(forest, x[:1], target_opset={"": 17, "ai.onnx.ml": 3}))
strange = np.vstack([rows, [[8, 90, -8]]]).astype(np.float32)
answers["isolationForest"] = {
    "rows": strange.tolist(),
    "label": forest.predict(strange).tolist(),
    "scores": forest.decision_function(strange).tolist(),
}

inputs = [("input", FloatTensorType([None, 3]))]
model = xgboost.XGBClassifier(n_estimators=4, max_depth=2).fit(x, number)
save("xgboost-classes", convert_xgboost(model, initial_types=inputs, target_opset=15))
classes("xgboost-classes", model)
model = xgboost.XGBRegressor(n_estimators=4, max_depth=2).fit(x, target)
save("xgboost-value", convert_xgboost(model, initial_types=inputs, target_opset=15))
values("xgboost-value", model.predict(rows))
model = lightgbm.LGBMClassifier(n_estimators=4, max_depth=2, verbose=-1).fit(x, text)
save("lightgbm-classes", convert_lightgbm(model, initial_types=inputs, target_opset=15))
classes("lightgbm-classes", model)
model = lightgbm.LGBMRegressor(n_estimators=4, max_depth=2, verbose=-1).fit(x, target)
save("lightgbm-value", convert_lightgbm(model, initial_types=inputs, target_opset=15))
values("lightgbm-value", model.predict(rows))

(FOLDER / "trained.json").write_text(json.dumps(answers, indent=1) + "\n")
