"""
Makes models/voice-keywords.onnx: synthesises, builds the bank, trains, chooses thresholds, measures, exports.

    python run.py --work /tmp/voice --data ../../../shared/data
    python run.py --work /tmp/voice --without-real
    python run.py --work /tmp/voice --data DATA --keyword "hey workshop" --output own-keywords.onnx
"""

import argparse
import hashlib
import os
from pathlib import Path

# One process each: torch's own threads would fight with them.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

import bank
import export
import measure
import thresholds
from background import background
from keywords import KEYWORDS, OFFERED, Keyword, own_keyword
from synthesise import synthesise
from train import train

VERSION = "1.0.0"
ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for what is made on the way (about 4 GB); kept")
    parser.add_argument("--data", type=Path, help="folder of the real recordings that split.json names")
    parser.add_argument("--without-real", action="store_true", help="learn from synthetic speech; --data is only measured on")
    parser.add_argument("--keyword", action="append", default=[], help="one more keyword to learn and to offer; repeatable")
    parser.add_argument("--speech", type=Path, help="folder of FLAC or WAV files (16 kHz): speech without the keywords")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--scale", type=float, default=0.45, help="size of the bank; 1 needs half an hour of two cores")
    parser.add_argument("--speech-scale", type=float, default=1, help="size of what is synthesised")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--output", type=Path, default=ROOT / "models" / f"{export.NAME}.onnx")
    options = parser.parse_args()
    if options.data is None and not options.without_real:
        parser.error("either --data FOLDER or --without-real")
    return options


def bank_of(options: argparse.Namespace, data: Path | None, keywords: list[Keyword]) -> bank.Bank:
    """What was built before from the same things, or a new one."""
    made_of = [data, options.speech, options.scale, [keyword.label for keyword in keywords]]
    folder = options.work / f"bank-{hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]}"
    if not (folder / "sets.npy").exists():
        bank.build(bank.gather(options.work, data, options.speech, keywords, "train"), options.scale).save(folder)
    return bank.Bank.load(folder)


def main() -> None:
    options = arguments()
    keywords = [*KEYWORDS, *map(own_keyword, options.keyword)]
    labels = [keyword.label for keyword in keywords]
    offered = [*OFFERED, *(own_keyword(text).label for text in options.keyword)]
    synthesise(options.work / "synthetic", keywords, options.speech_scale)
    data = None if options.without_real else options.data
    made = bank_of(options, data, keywords)
    network = train(made, labels, offered, options.steps, options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), options.work / "network.pt")
    dev = bank.gather(options.work, data, None, keywords, "dev")
    chosen = thresholds.choose(network, labels, offered, dev)
    training = export.Training(
        version=VERSION,
        seed=options.seed,
        steps=options.steps,
        scenes=made.scenes,
        real=not options.without_real,
        held_out=sum(total for _, total in chosen.found.values()),
    )
    export.export(network, labels, chosen, training, background(network, made), options.output)
    content = options.output.read_bytes()
    print(f"{options.output}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    if options.data:
        print(measure.table(network, labels, chosen.thresholds, options.data))


if __name__ == "__main__":
    main()
