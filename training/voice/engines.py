"""Speech from the free engines of Debian: espeak-ng, flite and festival. Only their sound is used."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

RATE = 16000

ENGLISH = ("en-gb", "en-us", "en-029", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-gb-x-rp", "en-us-nyc")
# Voices of languages in other scripts: they read Latin letters as English, in their own rhythm.
BORROWING = tuple("hi ru uk el bn ta te kn ml mr gu pa ur ka ar fa ko th cmn vi".split())
# Voices that read English letters their own way: fine for what is no keyword.
FOREIGN = tuple("de fr-fr es es-419 it nl sv nb da pl pt-br cs hu tr fi ro id sw cy".split())

VARIANTS = (
    *"Alex Alicia Andrea Andy Annie antonio aunty belinda benjamin boris caleb david Denis Diogo ed edward edward2".split(),
    *"Gene Gene2 gustave Henrique Hugo iven iven2 iven3 iven4 Jacky john kaukovalta Lee linda marcelo Marco Mario".split(),
    *"max Michael michel miguel Mike Nguyen pablo paul pedro quincy rob robert sandro shelby steph steph2".split(),
    *"steph3 travis victor zac anika grandma grandpa norbert whisper whisperf croak adam AnxiousAndy UniRobot".split(),
    *"f1 f2 f3 f4 f5 m1 m2 m3 m4 m5 m6 m7 m8 klatt klatt2 klatt3 klatt4 klatt5 klatt6".split(),
)
# Never heard in training: thresholds are chosen with them.
HELD_OUT_VARIANTS = ("Andrea", "caleb", "edward", "Hugo", "linda", "Mike", "pedro", "steph2", "f4", "m5", "klatt3", "travis")
FLITE_VOICES = ("kal", "kal16", "awb", "rms", "slt")
HELD_OUT_FLITE = "rms"
FESTIVAL_VOICES = ("kal_diphone", "cmu_us_slt_arctic_hts")


@dataclass(frozen=True)
class Request:
    """Something to be said."""

    text: str
    # Language of espeak-ng → other letters for the same sound.
    foreign: dict[str, tuple[str, ...]]
    # A keyword is said by who says it right; anything else by anybody.
    keyword: bool
    held_out: bool


def available() -> dict[str, float]:
    """Engine → share of the utterances, of those that are installed."""
    shares = {"espeak-ng": 0.8, "flite": 0.14, "festival": 0.06}
    there = {name: share for name, share in shares.items() if shutil.which(name)}
    if not there:
        raise SystemExit("None of espeak-ng, flite and festival is installed: nothing can be synthesised.")
    total = sum(there.values())
    return {name: share / total for name, share in there.items()}


def espeak(request: Request, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """@returns samples in -1..1 at RATE, and the voice"""
    variants = [v for v in VARIANTS if (v in HELD_OUT_VARIANTS) == request.held_out]
    kinds = [ENGLISH, BORROWING, tuple(request.foreign) if request.keyword else FOREIGN]
    languages = kinds[rng.choice(3, p=(0.62, 0.18, 0.2))] or ENGLISH
    language = str(rng.choice(languages))
    text = str(rng.choice(request.foreign[language])) if language in request.foreign else request.text
    voice = f"{language}+{rng.choice(variants)}"
    speed, pitch = int(rng.integers(105, 225)), int(rng.integers(10, 95))
    command = ["espeak-ng", "--stdout", "-v", voice, "-s", str(speed), "-p", str(pitch), text]
    done = subprocess.run(command, capture_output=True, check=True)
    sound = done.stdout
    if len(sound) <= 44:
        raise RuntimeError(f"espeak-ng said nothing for {command}: {done.stderr.decode()}")
    # The header of a stream does not know its length.
    return to_rate(np.frombuffer(sound[44 : len(sound) & ~1], "<i2").astype(np.float32) / 32768, 22050), voice


def flite(request: Request, rng: np.random.Generator) -> tuple[np.ndarray, str]:
    voices = [v for v in FLITE_VOICES if (v == HELD_OUT_FLITE) == request.held_out]
    voice = str(rng.choice(voices))
    pitch = rng.uniform(130, 240) if voice == "slt" else rng.uniform(75, 150)
    with tempfile.NamedTemporaryFile(suffix=".wav") as out:
        settings = [f"duration_stretch={rng.uniform(0.75, 1.4):.2f}", f"int_f0_target_mean={pitch:.0f}"]
        command = ["flite", "-voice", voice, "--setf", settings[0], "--setf", settings[1], "-t", request.text, "-o", out.name]
        subprocess.run(command, capture_output=True, check=True)
        return read_wav(Path(out.name)), f"flite-{voice}"


def festival(requests: list[Request], rng: np.random.Generator) -> list[tuple[np.ndarray, str, str]]:
    """Many at once: starting it takes longer than speaking."""
    with tempfile.TemporaryDirectory() as folder:
        lines, voices = [], []
        for i, request in enumerate(requests):
            voices.append(str(rng.choice(FESTIVAL_VOICES)))
            text = request.text.replace('"', "").replace("\\", "")
            lines.append(
                f"(voice_{voices[-1]})(Parameter.set 'Duration_Stretch {rng.uniform(0.75, 1.35):.2f})"
                f'(set! u (Utterance Text "{text}"))(utt.synth u)(utt.save.wave u "{folder}/{i}.wav" \'riff)'
            )
        script = Path(folder, "say.scm")
        script.write_text("\n".join(lines))
        subprocess.run(["festival", "--batch", str(script)], capture_output=True, check=False)
        made = []
        for i, (request, voice) in enumerate(zip(requests, voices)):
            file = Path(folder, f"{i}.wav")
            if file.exists():
                made.append((read_wav(file), f"festival-{voice}", request.text))
        return made


def read_wav(file: Path) -> np.ndarray:
    rate, samples = wavfile.read(file)
    return to_rate(samples.astype(np.float32) / 32768, rate)


def to_rate(samples: np.ndarray, rate: int) -> np.ndarray:
    if rate == RATE:
        return samples
    ratio = Fraction(RATE, rate)
    return resample_poly(samples, ratio.numerator, ratio.denominator).astype(np.float32)
