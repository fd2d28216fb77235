"""
The four networks of MLPerf Tiny at their full width, with random weights, made by TensorFlow's converter, and the time
that TensorFlow Lite's interpreter takes for each: one thread, its default kernels (XNNPACK).

    python interpreter.py FOLDER

writes <network>-<float|int8>.tflite into the folder and prints {"tensorflow": version, "us": {file: microseconds}}.
"""

import json
import os
import pathlib
import statistics
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers


def unit(x, width, size, stride=1, depthwise=False, activation=True):
    make = layers.DepthwiseConv2D(size, stride, "same") if depthwise else layers.Conv2D(width, size, stride, "same")
    x = layers.BatchNormalization()(make(x))
    return layers.ReLU()(x) if activation else x


def keyword():
    x = i = Input((49, 10, 1))
    x = unit(x, 64, (10, 4), 2)
    for _ in range(4):
        x = unit(unit(x, 64, 3, depthwise=True), 64, 1)
    x = layers.Flatten()(layers.AveragePooling2D((25, 5))(x))
    return Model(i, layers.Dense(12, activation="softmax")(x))


def autoencoder():
    x = i = Input((640,))
    for width in [128] * 4 + [8] + [128] * 4:
        x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(width)(x)))
    return Model(i, layers.Dense(640)(x))


def resnet():
    x = i = Input((32, 32, 3))
    x = unit(x, 16, 3)
    for width, stride in [(16, 1), (32, 2), (64, 2)]:
        y = unit(unit(x, width, 3, stride), width, 3, activation=False)
        if stride > 1:
            x = layers.Conv2D(width, 1, stride, "same")(x)
        x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.Flatten()(layers.AveragePooling2D(8)(x))
    return Model(i, layers.Dense(10, activation="softmax")(x))


def visual_wake_words():
    """MobileNet v1 at a quarter of its width."""
    x = i = Input((96, 96, 3))
    x = unit(x, 8, 3, 2)
    for width, stride in [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2)] + [(128, 1)] * 5 + [(256, 2), (256, 1)]:
        x = unit(unit(x, width, 3, stride, depthwise=True), width, 1)
    return Model(i, layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(x)))


def convert(model, int8):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if int8:
        rng = np.random.default_rng(1)
        shape = [1, *model.input_shape[1:]]
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([rng.normal(size=shape).astype(np.float32)] for _ in range(20))
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def microseconds(content):
    """Of giving the input, running and taking the output: the median of some batches of runs."""
    interpreter = tf.lite.Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    [given] = interpreter.get_input_details()
    [taken] = interpreter.get_output_details()
    values = np.random.default_rng(2).normal(size=given["shape"]).astype(np.float32)
    values = values if given["dtype"] == np.float32 else np.clip(values * 40, -128, 127).astype(np.int8)

    def once():
        interpreter.set_tensor(given["index"], values)
        interpreter.invoke()
        interpreter.get_tensor(taken["index"])

    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            once()
        if time.perf_counter() - start > 0.03:
            break
        count *= 2
    times = []
    for _ in range(9):
        start = time.perf_counter()
        for _ in range(count):
            once()
        times.append((time.perf_counter() - start) / count * 1e6)
    return statistics.median(times)


def main(folder):
    us = {}
    for make in [keyword, autoencoder, resnet, visual_wake_words]:
        tf.keras.utils.set_random_seed(3)
        model = make()
        for kind in ["float", "int8"]:
            content = convert(model, kind == "int8")
            file = f"{make.__name__.replace('_', '-')}-{kind}.tflite"
            (pathlib.Path(folder) / file).write_bytes(content)
            us[file] = microseconds(content)
    print(json.dumps({"tensorflow": tf.__version__, "us": us}))


main(sys.argv[1])
