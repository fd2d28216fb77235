"""One ONNX file: the network, what it is (the manifest), and a background for keywords of one's own."""

import io
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

import features
import stream
from keywords import NONE
from network import KeywordNetwork
from thresholds import PER_HOUR, Chosen

NAME = "voice-keywords"
OPSET = 13


class Exported(nn.Module):
    def __init__(self, network: KeywordNetwork):
        super().__init__()
        self.network = network

    def forward(self, log_mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.network.embed(log_mel)
        return torch.softmax(self.network.classes(embedding), dim=1), embedding


@dataclass
class Training:
    """What the manifest says of how the model came to be."""

    version: str
    seed: int
    steps: int
    scenes: int
    real: bool
    # Recordings of keywords in the dev part.
    held_out: int


def recipe() -> dict:
    """As edge-window and edge-features write it."""
    return {
        "version": 1,
        "window": {
            "by": "samples",
            "size": features.WINDOW,
            "hop": stream.HOP * features.STRIDE,
            "channels": ["value"],
            "gap": {"policy": "mark", "limit": 0},
            "rate": features.RATE,
        },
        "features": [{"block": "log-mel", "version": 1, "options": features.BLOCK}],
    }


def band_names() -> list[str]:
    """The frequencies of the bands' peaks, with four digits, as the log-mel block names them."""
    points = np.linspace(features.mel(features.LOW), features.mel(features.HIGH), features.BANDS + 2)
    return [f"{float(f'{700 * np.expm1(point / 1127):.4g}'):g} Hz" for point in points[1:-1]]


def manifest(labels: list[str], chosen: Chosen, training: Training) -> dict:
    now = datetime.now(timezone.utc)
    moment = int(now.timestamp() * 1000)
    metrics = {f"found {label}": hit / total for label, (hit, total) in chosen.found.items() if total}
    return {
        "format": 1,
        "name": NAME,
        "version": training.version,
        "created": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "task": "class",
        "input": {
            "name": "log_mel",
            "shape": [None, features.FRAMES, features.BANDS],
            "names": band_names(),
            "channels": ["value"] * features.BANDS,
            "recipe": recipe(),
        },
        "outputs": {"probabilities": "probabilities", "embedding": "embedding"},
        "labels": [*labels, NONE],
        "triggers": {
            "smoothing": stream.SMOOTHING,
            "hop": stream.HOP_MS,
            "labels": [{"label": label, "threshold": value} for label, value in chosen.thresholds.items()],
            "falseAlarmsPerHour": PER_HOUR,
        },
        "training": {
            "method": "training/voice",
            "options": {"seed": training.seed, "steps": training.steps, "realSpeech": training.real},
            "frames": training.scenes,
            "start": moment,
            "end": moment,
            "streams": [],
            "features": [],
            "holdOut": {
                "share": 0.15,
                "frames": training.held_out,
                "learned": training.scenes,
                "start": moment,
                "end": moment,
                "metrics": metrics,
            },
            "warnings": [],
        },
        "madeBy": {"name": "training/voice", "version": training.version},
    }


def export(
    network: KeywordNetwork, labels: list[str], chosen: Chosen, training: Training, background: dict, file: Path
) -> None:
    made = io.BytesIO()
    # The newer exporter of torch would put the weights into a second file.
    torch.onnx.export(
        Exported(network.to(memory_format=torch.contiguous_format)).eval(),
        (torch.zeros(2, features.FRAMES, features.BANDS),),
        made,
        input_names=["log_mel"],
        output_names=["probabilities", "embedding"],
        dynamic_axes={name: {0: "N"} for name in ("log_mel", "probabilities", "embedding")},
        opset_version=OPSET,
        **({"dynamo": False} if torch.__version__ >= "2.5" else {}),
    )
    model = onnx.load_from_string(made.getvalue())
    model.producer_name, model.producer_version = NAME, training.version
    for key, value in (("edge_ml.manifest", manifest(labels, chosen, training)), ("edge_ml.background", background)):
        model.metadata_props.add(key=key, value=json.dumps(value, separators=(",", ":")))
    onnx.checker.check_model(model)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(model.SerializeToString())
