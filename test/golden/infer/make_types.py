"""Models with inputs and outputs of every type, and what ONNX Runtime for Python answers.

python3 -m venv venv && venv/bin/pip install onnx==1.* onnxruntime==1.* && venv/bin/python make_types.py
Writes types.json: by type, the model (base64) that returns its input, and the same as text where it can; the input and the answer.
"""

import base64
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T
from onnx import helper as h

ROWS = [[0.0, 1.0, 1.25, -3.0], [1.0, 0.0, 100.0, 7.0]]
TYPES = {
    "float32": (T.FLOAT, np.float32),
    "float64": (T.DOUBLE, np.float64),
    "float16": (T.FLOAT16, np.float16),
    "int8": (T.INT8, np.int8),
    "uint8": (T.UINT8, np.uint8),
    "int16": (T.INT16, np.int16),
    "uint16": (T.UINT16, np.uint16),
    "int32": (T.INT32, np.int32),
    "uint32": (T.UINT32, np.uint32),
    "int64": (T.INT64, np.int64),
    "uint64": (T.UINT64, np.uint64),
    "bool": (T.BOOL, np.bool_),
}


def model(nodes, inputs, outputs):
    graph = h.make_graph(nodes, "types", inputs, outputs)
    opsets = [h.make_opsetid("", 17), h.make_opsetid("ai.onnx.ml", 3)]
    return h.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def port(name, code):
    return h.make_tensor_value_info(name, code, ["N", 4])


def wanted(numpy_type):
    """The rows as a careful person would convert them: rounded and limited."""
    rows = np.array(ROWS)
    if numpy_type is np.bool_:
        return rows != 0
    if np.issubdtype(numpy_type, np.integer):
        return np.clip(np.round(rows), np.iinfo(numpy_type).min, None).astype(numpy_type)
    return rows.astype(numpy_type)


answers = {}
for name, (code, numpy_type) in TYPES.items():
    nodes = [h.make_node("Identity", ["x"], ["same"]), h.make_node("Cast", ["x"], ["number"], to=T.DOUBLE)]
    made = model(nodes, [port("x", code)], [port("same", code), port("number", T.DOUBLE)])
    session = onnxruntime.InferenceSession(made)
    same, number = session.run(["same", "number"], {"x": wanted(numpy_type)})
    answers[name] = {
        "model": base64.b64encode(made).decode(),
        "same": same.astype(float).tolist(),
        "number": number.tolist(),
    }

# A number type that numpy does not have: eight bits of fraction, so 100 and 1.25 are exact in it.
nodes = [h.make_node("Identity", ["x"], ["same"]), h.make_node("Cast", ["x"], ["number"], to=T.DOUBLE)]
made = model(nodes, [port("x", T.BFLOAT16)], [port("same", T.BFLOAT16), port("number", T.DOUBLE)])
answers["bfloat16"] = {"model": base64.b64encode(made).decode(), "same": ROWS, "number": ROWS}

# A category as text beside the numbers, and a switch: as pipelines for tables have them.
category = h.make_node("LabelEncoder", ["kind"], ["weight"], domain="ai.onnx.ml", keys_strings=["pump", "fan"], values_floats=[10.0, 20.0])
nodes = [
    category,
    h.make_node("Add", ["x", "weight"], ["sum"]),
    h.make_node("Cast", ["on"], ["factor"], to=T.FLOAT),
    h.make_node("Mul", ["sum", "factor"], ["y"]),
    h.make_node("Identity", ["kind"], ["same_kind"]),
]
text = h.make_tensor_value_info("kind", T.STRING, ["N", 1])
switch = h.make_tensor_value_info("on", T.BOOL, ["N", 1])
table = model(nodes, [text, port("x", T.FLOAT), switch], [port("y", T.FLOAT), h.make_tensor_value_info("same_kind", T.STRING, ["N", 1])])
session = onnxruntime.InferenceSession(table)
row = np.array(ROWS[:1], np.float32)
y, kind = session.run(["y", "same_kind"], {"kind": np.array([["fan"]]), "x": row, "on": np.array([[True]])})
answers = {"rows": ROWS, "types": answers, "table": {"model": base64.b64encode(table).decode(), "y": y.tolist(), "kind": kind.tolist()}}
(Path(__file__).resolve().parent / "types.json").write_text(json.dumps(answers, indent=1) + "\n")
