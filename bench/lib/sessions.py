"""Times Python's onnxruntime: sessions.py FILE [FILE ...], one line of JSON per file: µs per run at batch 1 and 16."""
import json
import statistics
import sys
import time

import numpy as np
import onnxruntime as ort


def time_runs(session, name, rows):
    count = 1
    while True:
        started = time.perf_counter()
        for _ in range(count):
            session.run(None, {name: rows})
        took = time.perf_counter() - started
        if took > 0.03:
            break
        count *= 2
    times = []
    for _ in range(9):
        started = time.perf_counter()
        for _ in range(count):
            session.run(None, {name: rows})
        times.append((time.perf_counter() - started) / count * 1e6)
    return statistics.median(times)


options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
for path in sys.argv[1:]:
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    wanted = session.get_inputs()[0]
    rows = np.random.default_rng(1).normal(size=[16, *wanted.shape[1:]]).astype(np.float32)
    one, sixteen = time_runs(session, wanted.name, rows[:1]), time_runs(session, wanted.name, rows)
    print(json.dumps({"version": ort.__version__, "one": one, "sixteen": sixteen}), flush=True)
