"""
Small TensorFlow Lite models, made by TensorFlow's own converter, and what its interpreter answers.

The architectures are those people bring: a keyword DS-CNN, an autoencoder, a ResNet, a MobileNet (the four of MLPerf
Tiny, made narrow), micro_speech and magic_wand of TensorFlow Lite Micro, one with Conv1D, and one of further operators.
Each as float32 and as full int8; magic_wand also with uint8 and with float at its ends and with weights in float16, the
autoencoder with weights alone in 8 bits (dynamic range). Weights are random: what counts is that numbers agree.

The inputs are not stored: both sides make them from the same generator (see `bytes_of`).
reference.json holds, per model, the raw outputs of the default kernels ("default": XNNPACK), of the built-in kernels
without it ("builtin"), and of the reference kernels ("reference"); those equal to "default" are left out. "exact" is
what a file with 8-bit weights alone says in float.

    python -m pip install tensorflow-cpu==2.21.0
    python make_models.py
"""

import json
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf
from tensorflow.keras import Sequential, layers, Model, Input

HERE = pathlib.Path(__file__).parent
INPUTS = 16


def bytes_of(count, seed):
    """`count` bytes of the linear congruential generator of ANSI C's example rand()."""
    state, out = seed, np.empty(count, np.uint8)
    for i in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        out[i] = (state >> 16) & 0xFF
    return out


def keyword():
    x = i = Input((49, 10, 1))
    x = layers.Conv2D(20, (10, 4), strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for _ in range(3):
        x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(20, 1, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.AveragePooling2D((25, 5))(x)
    return Model(i, layers.Dense(12, activation="softmax")(layers.Flatten()(x)))


def autoencoder():
    sizes = [32, 32, 8, 32, 32]
    x = i = Input((40,))
    for size in sizes:
        x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(size)(x)))
    return Model(i, layers.Dense(40)(x))


def resnet():
    x = i = Input((16, 16, 3))
    x = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(6, 3, padding="same")(x)))
    for width, stride in [(6, 1), (8, 2), (12, 2)]:
        y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(width, 3, strides=stride, padding="same")(x)))
        y = layers.BatchNormalization()(layers.Conv2D(width, 3, padding="same")(y))
        if stride > 1:
            x = layers.Conv2D(width, 1, strides=stride, padding="same")(x)
        x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.AveragePooling2D(4)(x)
    return Model(i, layers.Dense(10, activation="softmax")(layers.Flatten()(x)))


def mobilenet():
    def unit(x, width, stride):
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
        x = layers.DepthwiseConv2D(3, strides=stride, padding="valid" if stride == 2 else "same", use_bias=False)(x)
        x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
        x = layers.Conv2D(width, 1, padding="same", use_bias=False)(x)
        return layers.ReLU(6.0)(layers.BatchNormalization()(x))

    x = i = Input((24, 24, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU(6.0)(layers.BatchNormalization()(x))
    for width, stride in [(16, 1), (24, 2), (24, 1), (32, 2)]:
        x = unit(x, width, stride)
    x = layers.GlobalAveragePooling2D()(x)
    return Model(i, layers.Dense(2, activation="softmax")(x))


def micro_speech():
    x = i = Input((320,))
    x = layers.Reshape((20, 16, 1))(x)
    x = layers.Conv2D(8, (10, 8), strides=2, padding="same", activation="relu")(x)
    return Model(i, layers.Dense(4, activation="softmax")(layers.Flatten()(layers.Dropout(0.5)(x))))


def magic_wand():
    return Sequential(
        [
            Input((64, 3, 1)),
            layers.Conv2D(8, (4, 3), padding="same", activation="relu"),
            layers.MaxPool2D((3, 3)),
            layers.Conv2D(16, (4, 1), padding="same", activation="relu"),
            layers.MaxPool2D((3, 1), padding="same"),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dense(4, activation="softmax"),
        ]
    )


def conv1d():
    x = i = Input((64, 3))
    x = layers.Conv1D(8, 5, padding="same", activation="relu")(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Conv1D(12, 3, dilation_rate=2, padding="causal")(x)
    x = layers.LeakyReLU(negative_slope=0.1)(x)
    x = layers.SeparableConv1D(12, 3, padding="same", activation="relu6")(x)
    x = layers.GlobalAveragePooling1D()(x)
    return Model(i, layers.Dense(1, activation="sigmoid")(x))


class Operators(tf.Module):
    """Operators that the others lack, one after the other. Its inputs and outputs are two each."""

    @tf.function(input_signature=[tf.TensorSpec([1, 6, 8, 4], tf.float32)])
    def __call__(self, x):
        a, b = tf.split(x, 2, axis=3)
        a = tf.tanh(a) * tf.sigmoid(b)
        a = tf.concat([a, b - 0.5 * a], axis=3)
        a = tf.transpose(a, [0, 2, 1, 3])
        a = tf.pad(a, [[0, 0], [1, 2], [0, 1], [0, 0]])
        a = a[:, 1:-1:2, :, 1:]
        c = tf.nn.depthwise_conv2d(a, self.weights(3, 3, 3, 2), [1, 1, 1, 1], "SAME", dilations=[2, 2])
        c = tf.nn.relu6(c + 3.0) * c * (1 / 6)
        d = tf.nn.max_pool2d(c, 3, 2, "SAME") - tf.nn.avg_pool2d(c, 3, 2, "SAME")
        e = tf.reduce_max(d, axis=[1]) + tf.reduce_mean(d, axis=[1])
        f = tf.reduce_sum(tf.maximum(e, 0.1), axis=-1)
        g = tf.squeeze(tf.expand_dims(f, 1), axis=[1])
        return tf.concat([tf.nn.softmax(g), tf.reshape(e, [1, -1])], axis=1)

    @staticmethod
    def weights(*shape):
        return tf.constant(np.random.default_rng(5).normal(size=shape).astype(np.float32) * 0.4)


def randomise(model, seed):
    """Weights as after training: batch normalisation does something, and the classes differ."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        weights = layer.get_weights()
        if isinstance(layer, layers.BatchNormalization):
            gamma, beta, mean, variance = weights
            n = len(gamma)
            weights = [rng.uniform(0.7, 1.4, n), rng.normal(0.1, 0.3, n), rng.normal(0, 0.2, n), rng.uniform(0.4, 1.2, n)]
        elif weights:
            weights = [w if w.ndim > 1 else rng.normal(0, 0.2, w.shape) for w in weights]
        layer.set_weights(weights)
    last = model.layers[-1]
    kernel, bias = last.get_weights()
    last.set_weights([kernel * 3, bias])
    return model


def convert(model, kind):
    if isinstance(model, tf.Module) and not isinstance(model, Model):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([model.__call__.get_concrete_function()], model)
        shape = [1, 6, 8, 4]
    else:
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        shape = [1, *model.input_shape[1:]]
    if kind == "float":
        return converter.convert()
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "dynamic":
        return converter.convert()
    if kind == "float16":
        converter.target_spec.supported_types = [tf.float16]
        return converter.convert()

    def representative():
        for i in range(64):
            yield [((bytes_of(int(np.prod(shape)), 1000 + i).astype(np.float32) - 128) / 64).reshape(shape)]

    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    if kind != "float-ends":
        ends = tf.uint8 if kind == "uint8" else tf.int8
        converter.inference_input_type = converter.inference_output_type = ends
    return converter.convert()


FURTHER = {"autoencoder": ["dynamic"], "magic_wand": ["uint8", "float-ends", "float16"]}

RESOLVERS = tf.lite.experimental.OpResolverType
KERNELS = {
    "default": RESOLVERS.AUTO,
    "builtin": RESOLVERS.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    "reference": RESOLVERS.BUILTIN_REF,
}


def inputs_of(detail):
    count = int(np.prod(detail["shape"]))
    for seed in range(1, INPUTS + 1):
        values = bytes_of(count, seed)
        if detail["dtype"] == np.int8:
            values = (values.astype(np.int16) - 128).astype(np.int8)
        elif detail["dtype"] == np.float32:
            values = (values.astype(np.float32) - 128) / 64
        yield values.reshape(detail["shape"])


def answers(content, kernels):
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=KERNELS[kernels])
    interpreter.allocate_tensors()
    [detail] = interpreter.get_input_details()
    [out] = interpreter.get_output_details()
    rows = []
    for values in inputs_of(detail):
        interpreter.set_tensor(detail["index"], values)
        interpreter.invoke()
        row = interpreter.get_tensor(out["index"]).reshape(-1)
        rows.append([int(v) for v in row] if row.dtype != np.float32 else [float(f"{v:.9g}") for v in row])
    return detail, out, rows


def dense_in_float(content):
    """A chain of dense layers, the last without ReLU, with its 8-bit weights made real and nothing else rounded: the
    kernels for such files round each layer's input to 8 bits too, which is their speed and not the model."""
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=RESOLVERS.BUILTIN_REF)
    interpreter.allocate_tensors()
    details = {detail["index"]: detail for detail in interpreter.get_tensor_details()}

    def real(index):
        scales = details[index]["quantization_parameters"]["scales"]
        values = interpreter.get_tensor(index).astype(np.float64)
        return values * scales.reshape(-1, 1) if values.ndim == 2 and len(scales) else values

    operators = [op for op in interpreter._get_ops_details() if op["op_name"] == "FULLY_CONNECTED"]
    [detail] = interpreter.get_input_details()
    rows = []
    for values in inputs_of(detail):
        x = values.astype(np.float64)
        for i, op in enumerate(operators):
            x = x @ real(op["inputs"][1]).T + real(op["inputs"][2])
            if i < len(operators) - 1:
                x = np.maximum(x, 0)
        rows.append([float(f"{v:.9g}") for v in x.reshape(-1)])
    return rows


def describe(detail):
    scale, zero = detail["quantization"]
    return {
        "type": np.dtype(detail["dtype"]).name,
        "shape": [int(n) for n in detail["shape"]],
        **({"scale": float(scale), "zeroPoint": int(zero)} if scale else {}),
    }


def main():
    reference = {}
    makers = [keyword, autoencoder, resnet, mobilenet, micro_speech, magic_wand, conv1d]
    models = [(maker.__name__, randomise_seeded(maker, 7 + i)) for i, maker in enumerate(makers)]
    models.append(("operators", Operators()))
    for name, model in models:
        kinds = ["float", "int8", *FURTHER.get(name, [])]
        for kind in kinds:
            content = convert(model, kind)
            file = f"{name.replace('_', '-')}-{kind}.tflite"
            (HERE / file).write_bytes(content)
            entry = {}
            for kernels in KERNELS:
                detail, out, rows = answers(content, kernels)
                entry |= {"input": describe(detail), "output": describe(out)}
                if kernels == "default" or rows != entry["default"]:
                    entry[kernels] = rows
                    if kernels != "default":
                        apart = np.abs(np.array(rows, float) - np.array(entry["default"], float))
                        print(file, kernels, "differs in", np.count_nonzero(apart), "of", apart.size, "by", apart.max())
            if kind == "dynamic":
                entry["exact"] = dense_in_float(content)
                print(file, "kernels differ by", np.abs(np.array(entry["exact"]) - np.array(entry["default"])).max())
            reference[file] = entry
            print(file, len(content), entry["default"][0][:6])
    lines = [f"  {json.dumps(file)}: {json.dumps(entry, separators=(',', ':'))}" for file, entry in reference.items()]
    (HERE / "reference.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def randomise_seeded(maker, seed):
    tf.keras.utils.set_random_seed(seed)
    return randomise(maker(), seed)


if __name__ == "__main__":
    main()
