"""
Features in Python, for bench/features.ts to compare ours with: one JSON object a line comes in, one goes out.

  {"do": "hello"}                                          -> {"python": "3.11.7", "modules": {"numpy": "2.4.6", ...}}
  {"do": "prepare", "peer": NAME, "data": BASE64, ...}     -> {"id": 0, "result": [...]}, computed once
  {"do": "time", "id": 0, "count": N}                      -> {"us": what the N computations took together}

The data is float32, little-endian, row-major; "shape" says its form. Time is taken here, without the pipe. What does not
change from one window to the next (tapers, filters) is made in `prepare`, as ours makes it in its plan.
"""
import base64
import importlib
import json
import os
import platform
import sys
import time
import warnings

# One thread for everybody.
for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
warnings.simplefilter("ignore")

modules = {}
for name in ("numpy", "scipy", "librosa"):
    try:
        modules[name] = importlib.import_module(name)
    except ImportError:
        pass
np = modules.get("numpy")
librosa = modules.get("librosa")
if "scipy" in modules:
    import scipy.fft
    import scipy.signal

RATE, LENGTH, STRIDE, FFT, BANDS, LOW, HIGH, OFFSET = 16000, 480, 320, 512, 40, 20, 4000, 1e-6


def htk_mel_filters():
    """[bands, bins]: triangles over the frequency in Hz, their corners evenly spaced on the HTK mel scale."""
    corners = 700 * (10 ** (np.linspace(*(2595 * np.log10(1 + np.array([LOW, HIGH]) / 700)), BANDS + 2) / 2595) - 1)
    f = np.arange(FFT // 2 + 1) * RATE / FFT
    left, middle, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    return np.maximum(0, np.minimum((f - left) / (middle - left), (right - f) / (right - middle))).astype(np.float32)


def dct_matrix(count, size):
    """[count, size]: the orthonormal DCT-II."""
    k, n = np.arange(count)[:, None], np.arange(size)
    matrix = np.sqrt(2 / size) * np.cos(np.pi * k * (2 * n + 1) / (2 * size))
    matrix[0] /= np.sqrt(2)
    return matrix.astype(np.float32)


def librosa_log_mel(x):
    """As one would write it: the filters are made in each call."""
    return lambda: np.log(
        librosa.feature.melspectrogram(
            y=x, sr=RATE, n_fft=FFT, win_length=LENGTH, hop_length=STRIDE, center=False, power=1.0,
            n_mels=BANDS, fmin=LOW, fmax=HIGH, htk=True, norm=None,
        ) + np.float32(OFFSET)
    ).T


def librosa_ready_log_mel(x):
    """The same with the filters made once."""
    filters = librosa.filters.mel(sr=RATE, n_fft=FFT, n_mels=BANDS, fmin=LOW, fmax=HIGH, htk=True, norm=None)
    return lambda: np.log(
        filters @ np.abs(librosa.stft(x, n_fft=FFT, win_length=LENGTH, hop_length=STRIDE, center=False))
        + np.float32(OFFSET)
    ).T


def batched_log_mel(rfft):
    """All frames at once. librosa puts the 480 samples into the middle of 512: the first frame begins at sample 16."""

    def make(x):
        taper = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / LENGTH)).astype(np.float32)
        filters = np.ascontiguousarray(htk_mel_filters().T)
        count = (len(x) - FFT) // STRIDE + 1

        def compute():
            frames = np.lib.stride_tricks.sliding_window_view(x[(FFT - LENGTH) // 2:], LENGTH)[::STRIDE][:count]
            return np.log(np.abs(rfft(frames * taper, FFT, axis=-1)).astype(np.float32) @ filters + np.float32(OFFSET))

        return compute

    return make


def with_dct(make_log_mel, count=10):
    def make(x):
        log_mel = make_log_mel(x)
        matrix = np.ascontiguousarray(dct_matrix(count, BANDS).T)
        return lambda: log_mel() @ matrix

    return make


def librosa_mfcc(make_log_mel, count=10):
    def make(x):
        log_mel = make_log_mel(x)
        return lambda: librosa.feature.mfcc(S=log_mel().T, n_mfcc=count).T

    return make


def statistics(x):
    """Mean, minimum, maximum, RMS, deviation, skewness and kurtosis of each channel, then its crossings of the mean."""
    samples = x.shape[0]

    def compute():
        # A row for each channel: numpy is faster along the last axis.
        rows = np.ascontiguousarray(x.T, dtype=np.float64)
        mean = rows.mean(1)
        rest = rows - mean[:, None]
        squares = rest * rest
        m2 = squares.mean(1)
        deviation = np.sqrt(m2)
        m3 = (squares * rest).mean(1)
        m4 = (squares * squares).mean(1)
        above = rest > 0
        crossings = np.count_nonzero(above[:, 1:] != above[:, :-1], 1) / (samples - 1)
        moments = (
            mean, rows.min(1), rows.max(1), np.sqrt((rows * rows).mean(1)), deviation, m3 / (m2 * deviation),
            m4 / (m2 * m2) - 3,
        )
        return np.concatenate((np.stack(moments, 1).ravel(), crossings)).astype(np.float32)

    return compute


def spectral_analysis(x, fftLength, filter, order, cutoff, rate):
    """The steps of Edge Impulse's block, all channels and all frames at once."""
    samples, channels = x.shape
    sections = None
    first, end = 1, fftLength // 2 + 1
    if filter == "low":
        sections = scipy.signal.butter(order, cutoff, "low", fs=rate, output="sos").astype(np.float32).astype(float)
        end = int(cutoff * fftLength / rate + 0.5) + 1
    hop = fftLength // 2
    starts = range(0, samples, hop)
    padded = np.zeros((channels, samples + fftLength))

    def shape(rows):
        rest = rows - rows.mean(1)[:, None]
        squares = rest * rest
        m2 = squares.mean(1)
        return np.sqrt(m2), (squares * rest).mean(1) / m2**1.5, (squares * squares).mean(1) / (m2 * m2) - 3

    def compute():
        rows = np.ascontiguousarray(x.T, dtype=np.float64)
        if sections is not None:
            rows = scipy.signal.sosfilt(sections, rows, axis=-1)
        rows = rows - rows.mean(1)[:, None]
        padded[:, :samples] = rows
        frames = np.lib.stride_tricks.sliding_window_view(padded, fftLength, axis=1)[:, ::hop][:, : len(starts)]
        spectra = scipy.fft.rfft(frames, axis=-1)
        powers = (spectra.real**2 + spectra.imag**2).max(1) / fftLength
        level, skewness, kurtosis = shape(rows)
        _, spectral_skewness, spectral_kurtosis = shape(powers)
        columns = np.stack((level, skewness, kurtosis, spectral_skewness, spectral_kurtosis), 1)
        bins = powers[:, first:end]
        logs = np.log10(np.where(bins == 0, 1e-10, bins))
        return np.concatenate((columns, logs), 1).astype(np.float32)

    return compute


def power_spectra(rfft):
    """|X|² of all rows at once."""

    def make(x):
        def compute():
            spectra = rfft(x, axis=-1)
            return spectra.real**2 + spectra.imag**2

        return compute

    return make


def power_spectrum_each(rfft):
    """|X|² of one row after the other."""

    def make(x):
        out = np.empty((x.shape[0], x.shape[1] // 2 + 1), np.float32)

        def compute():
            for i, row in enumerate(x):
                spectrum = rfft(row)
                out[i] = spectrum.real**2 + spectrum.imag**2
            return out

        return compute

    return make


PEERS = {}
if np:
    PEERS |= {
        "numpy log-mel": batched_log_mel(np.fft.rfft),
        "numpy MFCC": with_dct(batched_log_mel(np.fft.rfft)),
        "numpy statistics": statistics,
        "numpy power spectra": power_spectra(np.fft.rfft),
        "numpy power spectrum": power_spectrum_each(np.fft.rfft),
    }
if np and "scipy" in modules:
    PEERS |= {
        "scipy log-mel": batched_log_mel(scipy.fft.rfft),
        "scipy MFCC": with_dct(batched_log_mel(scipy.fft.rfft)),
        "scipy spectral analysis": spectral_analysis,
        "scipy power spectra": power_spectra(scipy.fft.rfft),
    }
if librosa:
    PEERS |= {
        "librosa log-mel": librosa_log_mel,
        "librosa log-mel, filters ready": librosa_ready_log_mel,
        "librosa MFCC": librosa_mfcc(librosa_log_mel),
        "librosa MFCC, filters ready": librosa_mfcc(librosa_ready_log_mel),
    }

prepared = []


def answer(request):
    if request["do"] == "hello":
        versions = {name: module.__version__ for name, module in modules.items()}
        return {"python": platform.python_version(), "modules": versions, "peers": list(PEERS)}
    if request["do"] == "prepare":
        data = np.frombuffer(base64.b64decode(request["data"]), "<f4").reshape(request["shape"])
        prepared.append(PEERS[request["peer"]](data, **request["options"]))
        return {"id": len(prepared) - 1, "result": np.asarray(prepared[-1]()).ravel().tolist()}
    compute = prepared[request["id"]]
    start = time.perf_counter_ns()
    for _ in range(request["count"]):
        compute()
    return {"us": (time.perf_counter_ns() - start) / 1000}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # told to the other side, which ends
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
