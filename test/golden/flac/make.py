"""
Small FLAC files by the reference encoder, and what the reference decoder makes of them: `flac` of xiph.org, 1.4.

    python make.py > flac.json
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

import numpy as np

RATE = 16000
N = 1500
rng = np.random.default_rng(7)
t = np.arange(N) / RATE
tone = 0.4 * np.sin(2 * np.pi * 440 * t) + 0.2 * np.sin(2 * np.pi * 1234 * t + 1)
noise = rng.normal(0, 0.02, N)
loud = rng.uniform(-1, 1, N)

# name, bits, channels as columns of -1..1, arguments of the encoder
CASES = [
    ("silence: a constant subframe", 16, [np.zeros(N)], ["-5"]),
    ("white noise at full scale: verbatim", 16, [loud], ["-5"]),
    ("a tone by fixed predictors", 16, [tone + noise], ["-0"]),
    ("a tone by linear prediction of order 12", 16, [tone + noise], ["-8"]),
    ("linear prediction of order 32", 16, [tone + noise], ["--lax", "-l", "32", "-b", "576"]),
    ("short blocks and many partitions", 16, [tone * np.linspace(0, 1, N) + noise], ["-b", "192", "-r", "6"]),
    ("stereo, middle and side", 16, [tone + noise, 0.9 * tone + noise], ["-8", "-m"]),
    ("stereo, one channel alone with its difference", 16, [tone + noise, tone + noise * 1.01], ["-8"]),
    ("three channels", 16, [tone, noise, np.zeros(N)], ["-5"]),
    ("8 bits", 8, [tone], ["-5"]),
    ("24 bits, full scale", 24, [tone / 0.61], ["-8"]),
    ("24 bits of noise, stereo", 24, [loud, -loud], ["-8"]),
    ("wasted bits", 16, [np.round(tone * 256) / 256], ["-5"]),
]


def run(folder, bits, channels, arguments):
    scale = 2 ** (bits - 1)
    values = np.clip(np.round(np.stack(channels, 1) * scale), -scale, scale - 1).astype(np.int64)
    width = bits // 8
    raw = b"".join(int(v).to_bytes(width, "little", signed=True) for v in values.ravel())
    there = folder / "sound.raw"
    there.write_bytes(raw)
    layout = ["--force-raw-format", "--endian=little", "--sign=signed"]
    form = [f"--channels={len(channels)}", f"--bps={bits}", f"--sample-rate={RATE}"]
    subprocess.run(["flac", "-s", "-f", *layout, *form, *arguments, "--no-padding", there], check=True)
    flac = there.with_suffix(".flac")
    decoded = subprocess.run(["flac", "-s", "-d", "-c", *layout, flac], check=True, stdout=subprocess.PIPE).stdout
    assert decoded == raw
    return flac.read_bytes(), hashlib.sha256(decoded).hexdigest()


def main():
    cases = []
    with tempfile.TemporaryDirectory() as name:
        for title, bits, channels, arguments in CASES:
            content, sha256 = run(pathlib.Path(name), bits, channels, arguments)
            cases.append(
                {
                    "title": title,
                    "rate": RATE,
                    "bits": bits,
                    "channels": len(channels),
                    "samples": N,
                    # Of the decoder's interleaved little-endian samples.
                    "sha256": sha256,
                    "flac": base64.b64encode(content).decode(),
                }
            )
    print(json.dumps(cases, indent=1))


main()
