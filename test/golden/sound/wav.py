"""Makes wav.json: small WAV files written by libsndfile, SoX and Python's wave module, and the samples in them as
libsndfile (for SoX's files SoX itself) reads them.

python3 test/golden/sound/wav.py > test/golden/sound/wav.json   (soundfile 0.14 with libsndfile 1.2, numpy 2, SoX 14.4)
"""

import base64
import io
import json
import subprocess
import sys
import wave

import numpy as np
import soundfile

FRAMES = 37
rng = np.random.default_rng(6)


def signal(channels):
    """Both full scales, zero, the smallest steps, and numbers between."""
    edges = np.array([-1, 1, 0, 1 / 128, -1 / 128, 1 / 32768, -1 / 32768, 0.5, -0.5])
    values = rng.uniform(-1, 1, (FRAMES, channels))
    values[: len(edges), 0] = edges
    return values


def entry(name, data, values, rate, bits):
    return {
        "name": name,
        "base64": base64.b64encode(data).decode(),
        "rate": rate,
        "channels": values.shape[1],
        "bits": bits,
        "samples": [float(v) for v in values.astype(np.float32).ravel()],
    }


def libsndfile(name, container, subtype, bits, channels=1, rate=16000):
    file = io.BytesIO()
    soundfile.write(file, signal(channels), rate, format=container, subtype=subtype)
    data = file.getvalue()
    values, read_rate = soundfile.read(io.BytesIO(data), always_2d=True)
    assert read_rate == rate
    return entry(name, data, values, rate, bits)


def python_wave(name, width, channels, rate):
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        scaled = np.clip(np.round(signal(channels) * 2 ** (8 * width - 1)), -(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1)
        writer.writeframes(scaled.astype({2: "<i2", 4: "<i4"}[width]).tobytes())
    data = file.getvalue()
    return entry(name, data, soundfile.read(io.BytesIO(data), always_2d=True)[0], rate, 8 * width)


def sox(name, arguments, bits, channels, rate, comment=None):
    """Written into a pipe: SoX cannot go back and put the length into the header."""
    raw = signal(channels).astype("<f8").tobytes()
    source = ["-D", "-t", "raw", "-e", "float", "-b", "64", "-c", str(channels), "-r", str(rate), "-"]
    extra = ["--comment", comment] if comment else []
    data = subprocess.run(["sox", *source, *arguments, *extra, "-t", "wav", "-"], input=raw, capture_output=True, check=True).stdout
    back = ["sox", "-D", "--ignore-length", "-t", "wav", "-", "-t", "raw", "-e", "float", "-b", "64", "-"]
    values = np.frombuffer(subprocess.run(back, input=data, capture_output=True, check=True).stdout, "<f8")
    return entry(name, data, values.reshape(-1, channels), rate, bits)


files = [
    libsndfile("8 bit", "WAV", "PCM_U8", 8),
    libsndfile("16 bit", "WAV", "PCM_16", 16),
    libsndfile("24 bit", "WAV", "PCM_24", 24),
    libsndfile("32 bit", "WAV", "PCM_32", 32),
    libsndfile("32-bit float", "WAV", "FLOAT", 32),
    libsndfile("64-bit float", "WAV", "DOUBLE", 64),
    libsndfile("A-law", "WAV", "ALAW", 8, rate=8000),
    libsndfile("mu-law", "WAV", "ULAW", 8, rate=8000),
    libsndfile("stereo", "WAV", "PCM_16", 16, channels=2, rate=44100),
    libsndfile("extensible, 6 channels", "WAVEX", "PCM_24", 24, channels=6, rate=48000),
    libsndfile("extensible, float", "WAVEX", "FLOAT", 32, channels=2, rate=48000),
    libsndfile("RF64", "RF64", "PCM_16", 16, channels=2, rate=48000),
    python_wave("Python, stereo", 2, 2, 22050),
    python_wave("Python, 32 bit", 4, 1, 96000),
    sox("SoX into a pipe", ["-e", "signed", "-b", "16"], 16, 1, 16000),
    sox("SoX into a pipe, 24 bit, with a comment", ["-e", "signed", "-b", "24"], 24, 2, 16000, comment="odd"),
    sox("SoX into a pipe, 8 bit", ["-e", "unsigned", "-b", "8"], 8, 1, 11025),
]


def unread(name, subtype):
    file = io.BytesIO()
    soundfile.write(file, signal(1), 16000, format="WAV", subtype=subtype)
    return {"name": name, "base64": base64.b64encode(file.getvalue()).decode()}


compressed = [
    unread("MS ADPCM", "MS_ADPCM"),
    unread("IMA ADPCM", "IMA_ADPCM"),
    unread("GSM 6.10", "GSM610"),
]


def g711(subtype):
    data = bytes(range(256))
    values, _ = soundfile.read(io.BytesIO(data), format="RAW", subtype=subtype, channels=1, samplerate=8000)
    return [float(v) for v in values]


json.dump({"files": files, "compressed": compressed, "alaw": g711("ALAW"), "mulaw": g711("ULAW")}, sys.stdout, separators=(",", ":"))
