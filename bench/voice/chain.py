"""
The chain of a voice trigger in Python, for bench/voice.ts to compare ours with: one JSON object a line comes in, one goes out.

  {"do": "hello"}                                     -> {"python": "3.11.7", "modules": {"numpy": "2.4.6", ...}, "chains": [...]}
  {"do": "prepare", "chain": NAME, "model": BASE64, "recipe": {...}, "triggers": {...}, "labels": [...], "pcm": BASE64}
                                                      -> {"scores": [[...], ...]}, of the first hops of a stream
  {"do": "time", "streams": N, "hops": M}             -> {"us": wall time of all, "cpu": time of the processor}

The sound is 16-bit PCM, and used round and round. Per hop and stream: 50 ms of PCM to float, log-mel, network, mean of the
last scores, thresholds. What can be made once is; all streams of a hop go through the network in one run. Chains:
  "new frames": only the frames of the spectrum that the hop brings are computed (scipy.fft, numpy)
  "whole window": all frames of the window in each hop, as one would write it
  "librosa": the whole window by librosa, its filters made once
"""
import base64
import json
import os
import platform
import sys
import time
import warnings

for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
warnings.simplefilter("ignore")

modules = {}
for name in ("numpy", "scipy", "librosa", "onnxruntime"):
    try:
        modules[name] = __import__(name)
    except ImportError:
        pass
np = modules.get("numpy")
if "scipy" in modules:
    import scipy.fft


def mel_filters(rate, fft, bands, low, high):
    """[bins, bands]: triangles that are straight over mel, their corners evenly spaced on the HTK mel scale."""
    mel = lambda f: 1127 * np.log1p(f / 700)  # noqa: E731
    corners = np.linspace(mel(low), mel(high), bands + 2)
    f = mel(np.arange(fft // 2 + 1) * rate / fft)[:, None]
    left, middle, right = corners[:-2], corners[1:-1], corners[2:]
    return np.maximum(0, np.minimum((f - left) / (middle - left), (right - f) / (right - middle))).astype(np.float32)


class Mel:
    """The block "log-mel" of the recipe, of a float32 sound."""

    def __init__(self, rate, o):
        self.length, self.stride = round(o["frameLength"] * rate), round(o["frameStride"] * rate)
        self.fft, self.offset, self.scale = o["fftLength"], np.float32(o["offset"]), np.float32(o["scale"])
        self.power = o["spectrum"] == "power"
        known = {"taper": "hann", "alignment": "start", "padding": "none", "melScale": "HTK", "triangles": "mel",
                 "normalisation": "none", "logarithm": "ln", "floor": 0, "coefficients": 0}  # fmt: skip
        for option, value in known.items():
            if o.get(option, value) != value:
                raise ValueError(f"{option} is {o[option]}: only {value} is known here")
        self.taper = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.length) / self.length)).astype(np.float32)
        self.filters = mel_filters(rate, self.fft, o["bands"], o["lowFrequency"], o["highFrequency"] or rate / 2)

    def __call__(self, x):
        """[frames, bands]"""
        frames = np.lib.stride_tricks.sliding_window_view(x * self.scale, self.length)[:: self.stride]
        spectrum = scipy.fft.rfft(frames * self.taper, self.fft, axis=1)
        energy = spectrum.real**2 + spectrum.imag**2 if self.power else np.abs(spectrum)
        return np.log(energy @ self.filters + self.offset)


class Librosa(Mel):
    def __call__(self, x):
        # Its frames are as long as the transform, with the taper in the middle: the sound is moved to fit.
        before = (self.fft - self.length) // 2
        last = len(x) + self.fft - self.length - before
        padded = np.zeros(last + before, np.float32)
        padded[before : before + len(x)] = x * self.scale
        spectrum = modules["librosa"].stft(
            padded, n_fft=self.fft, hop_length=self.stride, win_length=self.length, window="hann", center=False
        )
        energy = np.abs(spectrum) ** 2 if self.power else np.abs(spectrum)
        return np.log(energy.T @ self.filters + self.offset)


class Chain:
    def __init__(self, name, model, recipe, triggers, labels, pcm):
        ort = modules["onnxruntime"]
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        window = recipe["window"]
        self.rate, self.size, self.hop = window.get("rate", 16000), window["size"], window["hop"]
        [block] = recipe["features"]
        self.mel = (Librosa if name == "librosa" else Mel)(self.rate, block["options"])
        self.incremental = name == "new frames"
        self.pieces = len(pcm) // self.hop
        # Round and round.
        self.pcm = np.concatenate([pcm[: self.pieces * self.hop], pcm[: self.hop]])
        # A window need not be whole hops: it ends where ours does.
        self.rest = self.size % self.hop
        self.smoothing = triggers["smoothing"]
        self.watched = [labels.index(each["label"]) for each in triggers["labels"]]
        self.thresholds = np.array([each["threshold"] for each in triggers["labels"]], np.float32)
        self.told = 0
        self.streams = []

    def open(self, count):
        frames = (self.size - self.mel.length) // self.mel.stride + 1
        bands = self.mel.filters.shape[1]
        self.streams = [
            {
                "sound": np.zeros(self.size, np.float32),
                "mel": np.zeros((frames, bands), np.float32),
                "scores": np.zeros((self.smoothing, len(self.watched)), np.float32),
                "at": 0,
            }
            for _ in range(count)
        ]
        for stream in self.streams:
            stream["sound"][self.size - self.rest :] = self.pcm[: self.rest].astype(np.float32) / 32768
        self.batch = np.zeros((count, frames, bands), np.float32)

    def step(self):
        """One hop of all streams; the probabilities."""
        mel = self.mel
        for i, stream in enumerate(self.streams):
            at = stream["at"] % self.pieces * self.hop + self.rest
            piece = self.pcm[at : at + self.hop].astype(np.float32) / 32768
            stream["at"] += 1
            sound = stream["sound"]
            sound[: -self.hop] = sound[self.hop :]
            sound[-self.hop :] = piece
            if self.incremental:
                new = self.hop // mel.stride
                table = stream["mel"]
                table[:-new] = table[new:]
                tail = (self.size - mel.length) % mel.stride
                start = self.size - tail - mel.length - (new - 1) * mel.stride
                table[-new:] = mel(sound[start : self.size - tail])
                self.batch[i] = table
            else:
                self.batch[i] = mel(sound)
        probabilities = self.session.run(["probabilities"], {self.input: self.batch})[0]
        for stream, row in zip(self.streams, probabilities):
            scores = stream["scores"]
            scores[:-1] = scores[1:]
            scores[-1] = row[self.watched]
            self.told += int((scores.mean(axis=0) >= self.thresholds).any())
        return probabilities


chain = None


def prepare(request):
    global chain
    model = base64.b64decode(request["model"])
    pcm = np.frombuffer(base64.b64decode(request["pcm"]), "<i2")
    chain = Chain(request["chain"], model, request["recipe"], request["triggers"], request["labels"], pcm)
    chain.open(1)
    # The first windows are not full: nobody gives a score for those.
    hops = chain.size // chain.hop + 20
    return {"scores": [chain.step()[0].tolist() for _ in range(hops)]}


def timed(request):
    chain.open(request["streams"])
    chain.step()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(request["hops"]):
        chain.step()
    return {"us": 1e6 * (time.perf_counter() - wall), "cpu": 1e6 * (time.process_time() - cpu)}


def hello(_):
    chains = []
    if all(name in modules for name in ("numpy", "scipy", "onnxruntime")):
        chains = ["new frames", "whole window"] + (["librosa"] if "librosa" in modules else [])
    return {
        "python": platform.python_version(),
        "modules": {name: module.__version__ for name, module in modules.items()},
        "chains": chains,
    }


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"hello": hello, "prepare": prepare, "time": timed}[request["do"]](request)
    except Exception as error:  # noqa: BLE001
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
