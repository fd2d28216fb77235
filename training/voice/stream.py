"""A stream as the flow decides on it: a window each hop, smoothed scores, a threshold, a time of rest."""

import numpy as np
import torch
from torch import nn

from features import FRAME, FRAMES, STRIDE

# Frames: 50 ms.
HOP = 5
HOP_MS = HOP * 10
# Scores that are averaged.
SMOOTHING = 3
# Hops: 1.5 s.
REST = 30


def scores(network: nn.Module, frames: np.ndarray) -> np.ndarray:
    """@param frames [T, 40] @returns smoothed probabilities [windows, classes]; window i ends with frame 120 + 5 · i"""
    windows = np.lib.stride_tricks.sliding_window_view(frames, FRAMES, axis=0)[::HOP]
    out = []
    with torch.no_grad():
        # Batches that stay in the processor's cache.
        for at in range(0, len(windows), 64):
            batch = np.ascontiguousarray(windows[at : at + 64].transpose(0, 2, 1), dtype=np.float32)
            out.append(torch.softmax(network(torch.from_numpy(batch)), dim=1).numpy())
    return smooth(np.concatenate(out))


def smooth(probabilities: np.ndarray) -> np.ndarray:
    """The mean of the last SMOOTHING, of fewer at the beginning."""
    total = np.cumsum(np.pad(probabilities.astype(np.float64), ((1, 0), (0, 0))), axis=0)
    ends = np.arange(1, len(probabilities) + 1)
    begins = np.maximum(0, ends - SMOOTHING)
    return ((total[ends] - total[begins]) / (ends - begins)[:, None]).astype(np.float32)


def triggers(score: np.ndarray, threshold: float) -> list[int]:
    """@param score of one label [windows] @returns the windows in which it triggers"""
    found, rested = [], 0
    for at in np.flatnonzero(score >= threshold):
        if at >= rested:
            found.append(int(at))
            rested = at + REST
    return found


def peaks(score: np.ndarray) -> np.ndarray:
    """The largest scores that lie at least a rest apart, the largest first: so many triggers a threshold gives."""
    left = score.copy()
    found = []
    while len(left) and len(found) < 400:
        at = int(left.argmax())
        if left[at] < 0.05:
            break
        found.append(float(left[at]))
        left[max(0, at - REST) : at + REST] = 0
    return np.array(found)


def end_sample(window: int) -> int:
    """The first sample after a window."""
    return (FRAMES - 1 + window * HOP) * STRIDE + FRAME
