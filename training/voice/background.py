"""Embeddings of everyday speech and noise, for those who learn a keyword of their own against them."""

import base64

import numpy as np
import torch

from bank import Bank
from features import FRAMES
from keywords import NONE
from network import EMBEDDING, KeywordNetwork

ROWS = 800
CANDIDATES = {"real-speech": 3000, "own-speech": 2000, "sentences": 1800, "word-groups": 1200, "near-words": 600, "noise": 1400}


def background(network: KeywordNetwork, bank: Bank, seed: int = 90) -> dict:
    """
    Rows that are as different as can be: each next one is drawn with a probability that grows with the square of its
    distance from those before (k-means++, Arthur and Vassilvitskii 2007).
    @returns what the metadata of the model file carries: int8 rows, value = number × scale of the column
    """
    rng = np.random.default_rng(seed)
    firsts = []
    for name, count in CANDIDATES.items():
        scenes = np.flatnonzero(bank.sets == name)
        if len(scenes) == 0:
            continue
        for scene in rng.choice(scenes, size=count):
            firsts.append(rng.integers(bank.offsets[scene], bank.offsets[scene + 1] - FRAMES + 1))
    windows = np.stack([bank.frames[first : first + FRAMES] for first in firsts]).astype(np.float32)
    with torch.no_grad():
        rows = np.concatenate([network.embed(torch.from_numpy(part)).numpy() for part in np.array_split(windows, 20)])
    chosen = [int(rng.integers(len(rows)))]
    distance = np.full(len(rows), np.inf)
    while len(chosen) < min(ROWS, len(rows)):
        distance = np.minimum(distance, np.sum((rows - rows[chosen[-1]]) ** 2, axis=1))
        chosen.append(int(rng.choice(len(rows), p=distance / distance.sum())))
    rows = rows[chosen]
    scale = np.maximum(np.abs(rows).max(axis=0), 1e-6) / 127
    data = np.round(rows / scale).astype(np.int8)
    return {
        "label": NONE,
        "rows": len(rows),
        "columns": EMBEDDING,
        "scale": [float(f"{value:.6g}") for value in scale],
        "data": base64.b64encode(data.tobytes()).decode(),
    }
