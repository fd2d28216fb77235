"""What the Python onnx package says of our files, and files of its own for our reader.

    python3 -m venv venv && venv/bin/pip install onnx numpy
    npx tsx test/golden/onnx/write.ts
    venv/bin/python test/golden/onnx/reference.py

1. Runs the full checker (with shape inference) over ours.onnx and stops if it finds anything.
2. Compares the numbers of ours.onnx, run by the onnx reference evaluator, to numpy.
3. Writes theirs-*.onnx, models as other tools write them, and reference.json: what each of the files says.
"""

import json
import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = os.path.dirname(os.path.abspath(__file__))


def at(name):
    return os.path.join(HERE, name)


def check_ours():
    model = onnx.load(at("ours.onnx"))
    onnx.checker.check_model(model, full_check=True)
    x = np.array([[21, 0.2, -3.001], [18, 0.3, -2.9], [20.5, 0.25, -3]], dtype=np.float32)
    got = dict(zip([o.name for o in model.graph.output], ReferenceEvaluator(model).run(None, {"features": x})))
    z = (x - np.array([20.5, 0.25, -3], np.float32)) / np.array([2, 0.1, 1e-3], np.float32)
    y = np.float32(0.5) * z @ np.array([[1, 0, 0.5], [-1, 2, 0.25]], np.float32).T
    expected = {
        "contributions": z * z,
        "score": (y * y).sum(axis=1),
        "clipped": np.minimum(y, 1),
        "wide": y.T.astype(np.float64),
        "padded": np.pad(y, ((0, 0), (1, 0))),
    }
    for name, value in expected.items():
        np.testing.assert_allclose(got[name], value, rtol=1e-5, err_msg=name)
    return {"input": x.tolist(), "outputs": {name: value.flatten().tolist() for name, value in expected.items()}}


def classifier():
    """As skl2onnx writes a classifier: ai.onnx.ml operators, string labels, a sequence of maps from ZipMap."""
    nodes = [
        helper.make_node(
            "LinearClassifier",
            ["float_input"],
            ["label", "raw"],
            domain="ai.onnx.ml",
            coefficients=[1.0, 2.0, -1.0, -2.0],
            intercepts=[0.0, 0.5],
            classlabels_strings=["normal", "fault"],
            multi_class=0,
            post_transform="NONE",
        ),
        helper.make_node("Normalizer", ["raw"], ["scaled"], domain="ai.onnx.ml", norm="L1"),
        helper.make_node(
            "ZipMap", ["scaled"], ["probabilities"], domain="ai.onnx.ml", classlabels_strings=["normal", "fault"]
        ),
    ]
    probabilities = helper.make_value_info(
        "probabilities",
        helper.make_sequence_type_proto(
            helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, None))
        ),
    )
    graph = helper.make_graph(
        nodes,
        "sklearn-like",
        [helper.make_tensor_value_info("float_input", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("label", TensorProto.STRING, [None]), probabilities],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 1)]
    return helper.make_model(graph, producer_name="skl2onnx", producer_version="1.16", opset_imports=opsets, ir_version=8)


def old():
    """As old exporters write: each weight is an input too, and integers are packed or in int64_data."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1.0, 2.0, 3.0, 4.0])
    shape = helper.make_tensor("shape", TensorProto.INT64, [2], [-1, 2])
    graph = helper.make_graph(
        [helper.make_node("Reshape", ["x", "shape"], ["r"]), helper.make_node("MatMul", ["r", "w"], ["y"])],
        "old",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT16, [1, "h", "w", 2]),
            helper.make_tensor_value_info("w", TensorProto.FLOAT, [2, 2]),
            helper.make_tensor_value_info("shape", TensorProto.INT64, [2]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [weights, shape],
        doc_string="old",
    )
    model = helper.make_model(graph, producer_name="old", opset_imports=[helper.make_opsetid("", 9)], ir_version=3)
    helper.set_model_props(model, {"author": "someone", "edge_ml.other": "kept"})
    return model


def external():
    """As PyTorch's exporter writes: the weights are in a second file."""
    w = numpy_helper.from_array(np.ones((2, 2), np.float32), "w")
    onnx.external_data_helper.set_external_data(w, "model.onnx.data")
    w.ClearField("raw_data")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "external",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])],
        [w],
    )
    return helper.make_model(graph, producer_name="pytorch", opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


TYPES = {TensorProto.FLOAT: "float32", TensorProto.FLOAT16: "float16", TensorProto.DOUBLE: "float64",
         TensorProto.INT64: "int64", TensorProto.STRING: "string"}


def port(value):
    kind = value.type.WhichOneof("value").replace("_type", "")
    says = {"name": value.name, "kind": kind}
    if kind == "tensor":
        tensor = value.type.tensor_type
        says["type"] = TYPES[tensor.elem_type]
        if tensor.HasField("shape"):
            says["shape"] = [d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim]
    return says


def describe(model):
    weights = {tensor.name for tensor in model.graph.initializer}
    operators = {}
    for node in model.graph.node:
        operators[node.op_type] = operators.get(node.op_type, 0) + 1
    return {
        "irVersion": model.ir_version,
        "opsets": {entry.domain: entry.version for entry in model.opset_import},
        "producerName": model.producer_name,
        "producerVersion": model.producer_version,
        "graphName": model.graph.name,
        "inputs": [port(value) for value in model.graph.input if value.name not in weights],
        "outputs": [port(value) for value in model.graph.output],
        "operators": operators,
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "externalData": any(len(tensor.external_data) > 0 for tensor in model.graph.initializer),
    }


def main():
    result = {"run": check_ours(), "files": {"ours.onnx": describe(onnx.load(at("ours.onnx")))}}
    for name, model in (("classifier", classifier()), ("old", old()), ("external", external())):
        file = f"theirs-{name}.onnx"
        with open(at(file), "wb") as f:
            f.write(model.SerializeToString())
        result["files"][file] = describe(onnx.load(at(file), load_external_data=False))
    result["madeWith"] = {"onnx": onnx.__version__, "numpy": np.__version__}
    with open(at("reference.json"), "w") as f:
        json.dump(result, f, indent=1, ensure_ascii=False)
        f.write("\n")


main()
