/** Where between the lines a peak lies, and how much higher it is than its highest line. */
export interface PeakPosition {
  /** Lines from line 0. */
  line: number;
  /** The peak's amplitude over that of its highest line, from 1. */
  factor: number;
}

/**
 * Finds a sine between the lines of a spectrum from its two highest lines, for any taper and zero padding. A sine at
 * line k + δ has the amplitudes W(δ) and W(1 − δ) on lines k and k + 1, where W is the taper's own transform; their share
 * b / (a + b) grows with δ and is (for the cosine tapers nearly, for rectangular and Hann just) linear in it, so a small
 * table gives δ back, and a / W(δ) is the amplitude without scalloping loss. (For Hann and rectangular tapers this is
 * Grandke's interpolation, 1983.) What remains is leakage from other sines and from the negative frequency.
 */
export class PeakInterpolator {
  /** W at δ = i / CELLS / 2, i = 0 … CELLS: half a line is as far as a peak can be from its highest line. */
  readonly #height = new Float64Array(CELLS + 1);
  /** The share b / (a + b) there. */
  readonly #share = new Float64Array(CELLS + 1);

  /**
   * @param weights the taper of a segment
   * @param fftLength at least as long
   */
  constructor(weights: Float64Array, fftLength: number) {
    // The shape of the main lobe hardly depends on the length: from this one on a part of the weights shows it to 1e-5.
    const thin = Math.max(1, Math.floor(weights.length / LONGEST));
    const turn = (2 * Math.PI * thin) / fftLength;
    const top = transformAt(weights, 0, thin);
    for (let i = 0; i <= CELLS; i++) {
      const delta = i / CELLS / 2;
      const near = transformAt(weights, turn * delta, thin) / top;
      const far = transformAt(weights, turn * (1 - delta), thin) / top;
      this.#height[i] = near;
      this.#share[i] = far / (near + far);
    }
  }

  /**
   * @param below amplitude of the line below the peak's
   * @param peak of the highest line, k
   * @param above of the line above
   * @param out is filled in: nothing is allocated
   */
  find(k: number, below: number, peak: number, above: number, out: PeakPosition): void {
    const neighbour = Math.max(below, above);
    const wanted = neighbour / (peak + neighbour);
    const share = this.#share;
    let low = 0;
    let high = CELLS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (share[middle]! <= wanted) low = middle;
      else high = middle;
    }
    const width = share[high]! - share[low]!;
    const t = width > 0 ? Math.min(1, Math.max(0, (wanted - share[low]!) / width)) : 0;
    const delta = (low + t) / CELLS / 2;
    out.line = above >= below ? k + delta : k - delta;
    out.factor = 1 / (this.#height[low]! + t * (this.#height[high]! - this.#height[low]!));
  }
}

/** |Σ w[n]·e^(−i·angle·n)| over every thin-th weight. */
function transformAt(weights: Float64Array, angle: number, thin: number): number {
  const [turnRe, turnIm] = [Math.cos(angle), Math.sin(angle)];
  let re = 0;
  let im = 0;
  let c = 1;
  let s = 0;
  for (let n = 0; n < weights.length; n += thin) {
    const weight = weights[n]!;
    re += weight * c;
    im += weight * s;
    const next = c * turnRe - s * turnIm;
    s = c * turnIm + s * turnRe;
    c = next;
  }
  return Math.hypot(re, im);
}

const CELLS = 128;
const LONGEST = 32768;
