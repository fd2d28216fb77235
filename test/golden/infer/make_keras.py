"""Networks as people export them from Keras through tf2onnx, and what Keras itself answers.

python3 -m venv venv && venv/bin/pip install tensorflow-cpu==2.21.* tf2onnx==1.17.* && venv/bin/python make_keras.py
Writes into the folder networks/: keras-*.onnx and keras.json.
"""

import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import tf2onnx  # noqa: E402
from keras import layers  # noqa: E402

FOLDER = Path(__file__).resolve().parent / "networks"
FOLDER.mkdir(exist_ok=True)
keras.utils.set_random_seed(11)
rng = np.random.default_rng(12)


def export(name, model, batch=None):
    shape = (batch, *model.input_shape[1:])
    tf2onnx.convert.from_function(
        tf.function(lambda x: model(x)),
        input_signature=[tf.TensorSpec(shape, tf.float32, name="x")],
        opset=17,
        output_path=str(FOLDER / f"keras-{name}.onnx"),
    )


def sequential(*shape_and_layers):
    return keras.Sequential([keras.Input(shape_and_layers[0]), *shape_and_layers[1:]])


# NHWC: [frames, bins, 1].
picture = sequential(
    (12, 5, 1),
    layers.Conv2D(4, 3, activation="relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(3, activation="softmax"),
)
# [samples, channels], as a window is; a dense layer without an activation: logits.
window = sequential((20, 3), layers.Conv1D(4, 5, activation="relu"), layers.GlobalAveragePooling1D(), layers.Dense(3))
# One sigmoid: two classes.
sigmoid = sequential((4,), layers.Dense(5, activation="relu"), layers.Dense(1, activation="sigmoid"))

pictures = rng.normal(size=(4, 12, 5)).astype(np.float32)
windows = rng.normal(size=(4, 20, 3)).astype(np.float32)
rows = rng.normal(size=(4, 4)).astype(np.float32)
export("picture", picture)
export("picture-fixed", picture, 1)
export("window", window)
export("sigmoid", sigmoid)
answers = {
    "pictures": pictures.tolist(),
    "windows": windows.tolist(),
    "rows": rows.tolist(),
    "picture": picture(pictures[..., None]).numpy().tolist(),
    "window": tf.nn.softmax(window(windows)).numpy().tolist(),
    "sigmoid": sigmoid(rows).numpy()[:, 0].tolist(),
}
(FOLDER / "keras.json").write_text(json.dumps(answers) + "\n")
