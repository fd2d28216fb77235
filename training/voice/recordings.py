"""The real recordings: 16 kHz mono FLAC or WAV, and which part of the split each belongs to."""

import json
import subprocess
from pathlib import Path

import numpy as np
from scipy.io import wavfile

RATE = 16000
SPLIT = Path(__file__).with_name("split.json")
KEYWORDS = "wake-word-benchmark"


def read(file: Path) -> np.ndarray:
    """@returns float32 in -1..1 at 16 kHz, the first channel"""
    rate, samples = read_flac(file) if file.suffix == ".flac" else wavfile.read(file)
    if rate != RATE:
        raise SystemExit(f"{file} has {rate} samples a second; {RATE} are needed.")
    if samples.ndim > 1:
        samples = samples[:, 0]
    if samples.dtype != np.int16:
        raise SystemExit(f"{file} has samples of {samples.dtype}; 16 bit are needed.")
    return samples.astype(np.float32) / 32768


def read_flac(file: Path) -> tuple[int, np.ndarray]:
    try:
        import soundfile
    except ImportError:
        done = subprocess.run(["flac", "-d", "-c", "-s", str(file)], capture_output=True, check=True)
        # The header that flac writes: 44 bytes, rate at 24, channels at 22.
        head = done.stdout[:44]
        samples = np.frombuffer(done.stdout[44:], "<i2")
        return int.from_bytes(head[24:28], "little"), samples.reshape(-1, int.from_bytes(head[22:24], "little"))
    samples, rate = soundfile.read(file, dtype="int16")
    return rate, samples


def files(data: Path, part: str, folder: str = "") -> list[Path]:
    """Of a part ("train", "dev", "test"), those in a folder of the data."""
    split = json.loads(SPLIT.read_text())
    return [data / name for name in split[part] if name.startswith(folder)]


def keyword_files(data: Path, part: str, label: str) -> list[Path]:
    return files(data, part, f"{KEYWORDS}/{label.replace(' ', '_')}/")


def negative_files(data: Path, part: str) -> list[Path]:
    """Speech and noise in which none of the keywords is said."""
    return [file for file in files(data, part) if KEYWORDS not in file.parts]


def folder_files(folder: Path) -> list[Path]:
    """Everything that can be read in a folder of one's own."""
    return sorted(file for file in folder.rglob("*") if file.suffix in (".flac", ".wav"))
