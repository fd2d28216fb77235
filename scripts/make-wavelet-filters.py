"""Writes nodes/lib/dsp/math/wavelet-filters.ts: the filters of every wavelet that the spectral block offers.

    python3 -m venv venv && venv/bin/pip install PyWavelets
    venv/bin/python scripts/make-wavelet-filters.py && npx biome check --write nodes/lib/dsp/math/wavelet-filters.ts

The coefficients are those of Daubechies (Ten Lectures on Wavelets, 1992, chapters 6 to 8) as PyWavelets tabulates them.
"""

from pathlib import Path

import pywt

orthogonal = ["haar"] + [f"db{n}" for n in range(2, 11)] + [f"sym{n}" for n in range(2, 11)]
orthogonal += [f"coif{n}" for n in range(1, 4)]
splines = ["1.3", "1.5", "2.2", "2.4", "2.6", "2.8", "3.1", "3.3", "3.5", "3.7", "3.9", "4.4", "5.5", "6.8"]


def highpass(synthesis):
    """The analysis high-pass, from the synthesis low-pass: the table needs only low-pass filters."""
    return [(-1) ** (k + 1) * h for k, h in enumerate(synthesis)]


def numbers(coefficients):
    """As TypeScript; 1/√2 by its name, as the linter wants it."""
    return ", ".join("Math.SQRT1_2" if h == 0.5**0.5 else repr(float(h)) for h in coefficients)


lines = [
    "// Written by scripts/make-wavelet-filters.py.",
    "",
    "/** Analysis low-pass filters of the orthogonal wavelets; their synthesis filters are the same, backwards. */",
    "export const ORTHOGONAL: Readonly<Record<string, readonly number[]>> = {",
]
for name in orthogonal:
    w = pywt.Wavelet(name)
    # Tabulated separately there; they agree to the digits that were published.
    assert max(abs(a - b) for a, b in zip(w.rec_lo, w.dec_lo[::-1])) < 1e-15, name
    assert max(abs(a - b) for a, b in zip(w.dec_hi, highpass(w.rec_lo))) < 1e-15, name
    lines.append(f"  {name}: [{numbers(w.dec_lo)}],")
lines += [
    "};",
    "",
    "/** Low-pass filters of the biorthogonal spline wavelets biorN.M; rbioN.M has the two exchanged, backwards. */",
    "export const BIORTHOGONAL: Readonly<",
    "  Record<string, { readonly analysis: readonly number[]; readonly synthesis: readonly number[] }>",
    "> = {",
]
for order in splines:
    w, r = pywt.Wavelet(f"bior{order}"), pywt.Wavelet(f"rbio{order}")
    assert w.dec_hi == highpass(w.rec_lo) and r.dec_hi == highpass(r.rec_lo), order
    assert r.dec_lo == w.rec_lo[::-1] and r.rec_lo == w.dec_lo[::-1], order
    lines.append(f'  "{order}": {{ analysis: [{numbers(w.dec_lo)}], synthesis: [{numbers(w.rec_lo)}] }},')
lines.append("};")
target = Path(__file__).parent.parent / "nodes/lib/dsp/math/wavelet-filters.ts"
target.write_text("\n".join(lines) + "\n")
