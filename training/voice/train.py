"""Trains the network on a bank of scenes: AdamW, one cycle, averaged weights, and twice a search for what it gets wrong."""

import copy
import time

import numpy as np
import torch
from torch import nn

from bank import Bank
from batches import Batches
from features import FRAMES
from network import KeywordNetwork

BATCH = 224
RATE = 3e-3
SMOOTHING = 0.02
DECAY = 0.998
# At these shares of the steps, windows without a keyword are searched for those that look like one.
SEARCHES = (0.35, 0.65)
SEARCHED, KEPT = 150_000, 5000


def train(bank: Bank, labels: list[str], offered: list[str], steps: int, seed: int) -> KeywordNetwork:
    """@returns the network with averaged weights, ready to be used"""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = KeywordNetwork(len(labels) + 1).to(memory_format=torch.channels_last)
    average = copy.deepcopy(network).eval()
    batches = Batches(bank, labels, offered, BATCH, seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.02)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.2)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    searches = {int(share * steps) for share in SEARCHES}
    begun, total, right = time.time(), 0.0, 0.0
    for step in range(steps):
        windows, classes = batches.next()
        logits = network(windows)
        loss = loss_of(logits, classes)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        cycle.step()
        follow(average, network, min(DECAY, (step + 1) / (step + 10)))
        total += loss.item()
        right += (logits.argmax(dim=1) == classes).float().mean().item()
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}: loss {total / 100:.4f}, right {right / 100:.4f}, {time.time() - begun:.0f} s", flush=True)
            total, right = 0.0, 0.0
        if step in searches:
            batches.hard = hardest(average, bank, batches.rng)
    return average


def follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Exponential moving average of weights and of the normalisation's statistics."""
    with torch.no_grad():
        for mean, now in zip(average.state_dict().values(), network.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - decay)


def hardest(network: nn.Module, bank: Bank, rng: np.random.Generator) -> np.ndarray:
    """@returns the first frames of the windows without a keyword that look most like one"""
    lengths = np.diff(bank.offsets)
    scenes = rng.integers(len(lengths), size=SEARCHED)
    firsts = bank.offsets[scenes] + (rng.random(SEARCHED) * (lengths[scenes] - FRAMES + 1)).astype(int)
    scores = np.empty(SEARCHED, np.float32)
    with torch.no_grad():
        for at in range(0, SEARCHED, 100):
            windows = np.stack([bank.frames[first : first + FRAMES] for first in firsts[at : at + 100]])
            scores[at : at + 100] = 1 - torch.softmax(network(torch.from_numpy(windows.astype(np.float32))), 1)[:, -1].numpy()
    kept = np.argsort(-scores)[:KEPT]
    print(f"search: the {KEPT} hardest windows score {scores[kept[-1]]:.3f} to {scores[kept[0]]:.3f}", flush=True)
    return firsts[kept]
