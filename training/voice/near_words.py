"""Words that nobody has to write down: parts of a keyword, and words a few sounds away from it."""

import subprocess

import numpy as np

VOWELS = ("a", "e", "i", "o", "u", "ai", "ee", "oa", "ow", "oy")
CONSONANTS = ("b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "w", "z", "st", "bl")


def parts(label: str) -> list[str]:
    """Single words of it, its first and last letters, and its words the wrong way round."""
    words = label.split()
    found = list(words)
    if len(words) > 1:
        found.append(" ".join(reversed(words)))
    for word in words:
        found += [word[: n + 1] for n in range(2, len(word) - 2)] + [word[n:] for n in range(2, len(word) - 2)]
    return [part for part in dict.fromkeys(found) if part != label]


def changed(label: str, rng: np.random.Generator, count: int) -> list[str]:
    """Words with two to three letters changed, which sound at least two phonemes different."""
    found: list[str] = []
    for _ in range(count * 3):
        letters = list(label)
        for at in rng.choice(len(letters), size=min(len(letters), int(rng.integers(1, 4))), replace=False):
            if letters[at] != " ":
                letters[at] = str(rng.choice(VOWELS if letters[at] in "aeiouy" else CONSONANTS))
        found.append("".join(letters))
    sounds = phonemes([label, *found])
    apart = [word for word, sound in zip(found, sounds[1:]) if distance(sound, sounds[0]) >= 2]
    return list(dict.fromkeys(apart))[:count]


def phonemes(words: list[str]) -> list[str]:
    """Of each word, as espeak-ng's British voice speaks it, without stress; the letters themselves where it is missing."""
    try:
        done = subprocess.run(
            ["espeak-ng", "-q", "-x", "-v", "en-gb"], input="\n\n".join(words), capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        return words
    lines = [line.strip().translate(str.maketrans("", "", "',_: ")) for line in done.stdout.splitlines() if line.strip()]
    return lines if len(lines) == len(words) else words


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
