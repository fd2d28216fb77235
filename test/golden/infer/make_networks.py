"""Networks as people export them from PyTorch (both exporters), and what PyTorch itself answers.

python3 -m venv venv && venv/bin/pip install torch==2.* onnx==1.* onnxscript==0.* && venv/bin/python make_networks.py
Writes the folder networks/: torch-*.onnx, torch-external.onnx.data and torch.json. A note that the new exporter leaves on
each node, with the path of the script, is taken out; nothing else is changed.
"""

import json
import os
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import nn

warnings.filterwarnings("ignore")
FOLDER = Path(__file__).resolve().parent / "networks"
FOLDER.mkdir(exist_ok=True)
os.chdir(FOLDER)
torch.manual_seed(11)
rng = np.random.default_rng(11)
BATCH = torch.export.Dim("batch")


def export(name, model, *inputs, new=False, batch=True, external=False, names=None, outputs=("logits",)):
    names = names or ["x"]
    options = {"input_names": names, "output_names": list(outputs), "verbose": False}
    if new:
        options |= {"dynamo": True, "external_data": external}
        if batch:
            options["dynamic_shapes"] = tuple({0: BATCH} for _ in inputs)
    else:
        options["dynamo"] = False
        if batch:
            options["dynamic_axes"] = {each: {0: "batch"} for each in [*names, *outputs]}
    path = f"torch-{name}.onnx"
    torch.onnx.export(model.eval(), inputs, path, **options)
    file = onnx.load(path, load_external_data=False)
    for each in [file.graph, *file.graph.node, *file.graph.value_info, *file.graph.input, *file.graph.output]:
        each.ClearField("metadata_props")
        each.ClearField("doc_string")
    Path(path).write_bytes(file.SerializeToString())


class Channels(nn.Module):
    """A window of [channels, samples], as PyTorch's convolutions want it; logits."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv1d(3, 4, 5)
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        return self.out(torch.relu(self.convolution(x)).mean(-1))


class Picture(nn.Module):
    """A picture of [1, frames, bins]; softmax at the end."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(1, 4, 3)
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        return torch.softmax(self.out(torch.relu(self.convolution(x)).mean((-1, -2))), -1)


class Two(nn.Module):
    """Two inputs and two outputs."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 3)
        self.second = nn.Linear(2, 3)

    def forward(self, features, weather):
        both = self.first(features) + self.second(weather)
        return both, both.sum(-1)


windows = rng.normal(size=(4, 20, 3)).astype(np.float32)
pictures = rng.normal(size=(4, 12, 5)).astype(np.float32)
rows = rng.normal(size=(4, 4)).astype(np.float32)
weather = rng.normal(size=(4, 2)).astype(np.float32)
with torch.no_grad():
    channels = Channels()
    x = torch.from_numpy(windows).transpose(1, 2)
    export("channels", channels, x[:1])
    export("channels-new", channels, x[:1].contiguous(), new=True)
    export("channels-fixed", channels, x[:1].contiguous(), new=True, batch=False)
    export("channels-eight", channels, torch.zeros(8, 3, 20), batch=False)
    picture = Picture()
    y = torch.from_numpy(pictures)[:, None]
    export("picture", picture, y[:1])
    large = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 3))
    export("external", large, torch.from_numpy(rows), new=True, external=True)
    two = Two()
    export("two", two, torch.from_numpy(rows), torch.from_numpy(weather), names=["features", "weather"], outputs=("logits", "sum"))
    both, total = two(torch.from_numpy(rows), torch.from_numpy(weather))
    answers = {
        "windows": windows.tolist(),
        "pictures": pictures.tolist(),
        "rows": rows.tolist(),
        "weather": weather.tolist(),
        "channels": torch.softmax(channels(x), -1).tolist(),
        "picture": picture(y).tolist(),
        "external": torch.softmax(large(torch.from_numpy(rows)), -1).tolist(),
        "two": {"logits": both.tolist(), "sum": total.tolist()},
    }
Path("torch.json").write_text(json.dumps(answers) + "\n")
