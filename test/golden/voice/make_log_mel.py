"""The features that the voice network learned from, of a few short signals: training/voice/features.py itself.

    python3 test/golden/voice/make_log_mel.py

needs numpy, and writes log-mel.json beside this file.
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "training" / "voice"))

import features  # noqa: E402

rng = np.random.default_rng(11)
SAMPLES = 1040
t = np.arange(SAMPLES) / features.RATE
signals = {
    "silence": np.zeros(SAMPLES),
    "quiet noise": 0.001 * rng.normal(size=SAMPLES),
    "loud noise": 0.25 * rng.normal(size=SAMPLES),
    # With some noise: in a band without any, float32 has no digits left.
    "a sweep over hum": 0.5 * np.sin(2 * np.pi * (150 * t + 40_000 * t**2)) + 0.01 * rng.normal(size=SAMPLES),
    "clipped, with an offset": np.clip(0.2 + np.sin(2 * np.pi * 440 * t), -0.7, 0.7),
}

cases = []
for name, signal in signals.items():
    pcm = np.clip(np.round(signal * 32768), -32768, 32767).astype(int)
    bands = features.log_mel((pcm / 32768).astype(np.float32))
    cases.append({"name": name, "pcm": pcm.tolist(), "features": [float(f"{value:.6g}") for value in bands.ravel()]})

golden = {"rate": features.RATE, "options": features.BLOCK, "cases": cases}
(HERE / "log-mel.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
