"""Models with maps and sequences among their outputs, as exporters leave them; none of them computes anything.

python3 -m venv venv && venv/bin/pip install onnx==1.* && venv/bin/python make_maps.py
Writes maps.json: by name, the model (base64), each passed by the onnx package's checker.
"""

import base64
import json
from pathlib import Path

import onnx
from onnx import TensorProto as T
from onnx import helper as h

ML = ("ai.onnx.ml", 3)
STANDARD = ("", 17)
x = h.make_tensor_value_info("x", T.FLOAT, ["N", 2])
y = h.make_tensor_value_info("y", T.FLOAT, ["N", 2])
same = h.make_node("Identity", ["x"], ["y"])


def sequence(name, element):
    return h.make_value_info(name, h.make_sequence_type_proto(element))


def maps(name, key):
    return sequence(name, h.make_map_type_proto(key, h.make_tensor_type_proto(T.FLOAT, [])))


tensors = h.make_tensor_type_proto(T.FLOAT, None)
zip_numbers = h.make_node("ZipMap", ["x"], ["map"], domain="ai.onnx.ml", classlabels_int64s=[3, 7])
zip_texts = h.make_node("ZipMap", ["x"], ["map"], domain="ai.onnx.ml", classlabels_strings=["good", "bad"])
hand_on = h.make_node("Identity", ["map"], ["handed"])
split = h.make_node("SplitToSequence", ["x"], ["parts"], axis=1)

MODELS = {
    "zipmap": ([zip_texts], [maps("map", T.STRING)], [ML]),
    "zipmap-handed-on": ([zip_numbers, hand_on], [maps("handed", T.INT64)], [STANDARD, ML]),
    "zipmap-twice": ([zip_texts, hand_on, same], [maps("map", T.STRING), maps("handed", T.STRING), y], [STANDARD, ML]),
    "sequence-beside": ([split, same], [sequence("parts", tensors), y], [STANDARD]),
    "sequence-alone": ([split], [sequence("parts", tensors)], [STANDARD]),
}
answers = {}
for name, (nodes, outputs, opsets) in MODELS.items():
    graph = h.make_graph(nodes, name, [x], outputs)
    model = h.make_model(graph, opset_imports=[h.make_opsetid(*each) for each in opsets], ir_version=8)
    onnx.checker.check_model(model)
    answers[name] = base64.b64encode(model.SerializeToString()).decode()
(Path(__file__).resolve().parent / "maps.json").write_text(json.dumps(answers, indent=1) + "\n")
