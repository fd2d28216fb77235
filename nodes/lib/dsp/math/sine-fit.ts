/** The sine that fits best, in the sense of least squares: mean + amplitude · cos(2πf·t + phase). */
export interface Sine {
  /** From 0. */
  amplitude: number;
  /** Radians at the first sample, −π … π; 0 for no amplitude. */
  phase: number;
}

/**
 * Amplitude and phase of a sine of a known frequency, any frequency between one period in the window and as far from half
 * the rate: the three-parameter sine fit of IEEE 1057 (offset, cosine, sine), weighted by a taper. The correlations come
 * from Goertzel's recurrence (1958) in Reinsch's form, which keeps its digits at low frequencies. The fit undoes what a
 * mere Goertzel bin suffers from off a line: scalloping, and leakage of the offset and of the negative frequency. A
 * noise-free sine reads its amplitude to rounding. Other sines leak in as the taper lets them.
 */
export class SineFit {
  readonly #weights: Float64Array;
  /** 2·cos ω − 2 when cos ω > 0, else 2·cos ω + 2: see correlate. */
  readonly #kappa: number;
  readonly #cos: number;
  readonly #sin: number;
  /** ω(N − 1) */
  readonly #endCos: number;
  readonly #endSin: number;
  /** Of the normal matrix over (1, cos, sin): the two lower rows of its inverse. */
  readonly #toCos: readonly [number, number, number];
  readonly #toSin: readonly [number, number, number];
  #re = 0;
  #im = 0;

  /**
   * @param weights the taper, [samples]
   * @param frequency as a share of the sample rate, 1/samples … 1/2 − 1/samples
   */
  constructor(weights: Float64Array, frequency: number) {
    const omega = 2 * Math.PI * frequency;
    const last = weights.length - 1;
    this.#weights = weights;
    this.#cos = Math.cos(omega);
    this.#sin = Math.sin(omega);
    this.#kappa = this.#cos > 0 ? -4 * Math.sin(omega / 2) ** 2 : 4 * Math.cos(omega / 2) ** 2;
    this.#endCos = Math.cos(omega * last);
    this.#endSin = Math.sin(omega * last);
    let [w, c, s, cc, cs, ss] = [0, 0, 0, 0, 0, 0];
    let x = 1;
    let y = 0;
    for (let n = 0; n <= last; n++) {
      const weight = weights[n]!;
      w += weight;
      c += weight * x;
      s += weight * y;
      cc += weight * x * x;
      cs += weight * x * y;
      ss += weight * y * y;
      // On by one sample's angle.
      const next = x * this.#cos - y * this.#sin;
      y = x * this.#sin + y * this.#cos;
      x = next;
    }
    const determinant = w * (cc * ss - cs * cs) - c * (c * ss - cs * s) + s * (c * cs - cc * s);
    this.#toCos = [(cs * s - c * ss) / determinant, (w * ss - s * s) / determinant, (c * s - w * cs) / determinant];
    this.#toSin = [(c * cs - cc * s) / determinant, (c * s - w * cs) / determinant, (w * cc - c * c) / determinant];
  }

  /**
   * @param x [samples]
   * @param mean any number near the mean of x: it is taken off, which keeps digits
   * @param out is filled in: nothing is allocated
   */
  fit(x: Float64Array, mean: number, out: Sine): void {
    const sum = this.#correlate(x, mean);
    const a = this.#toCos[0] * sum + this.#toCos[1] * this.#re + this.#toCos[2] * this.#im;
    const b = this.#toSin[0] * sum + this.#toSin[1] * this.#re + this.#toSin[2] * this.#im;
    out.amplitude = Math.sqrt(a * a + b * b);
    out.phase = out.amplitude === 0 ? 0 : Math.atan2(-b, a);
  }

  /** Σ w·(x − mean) is returned; #re and #im become Σ w·(x − mean)·cos ωn and … · sin ωn. */
  #correlate(x: Float64Array, mean: number): number {
    const weights = this.#weights;
    const kappa = this.#kappa;
    let sum = 0;
    // s[n] = y[n] + 2·cos ω·s[n−1] − s[n−2]; d is the difference (or the sum) of two neighbours.
    let s = 0;
    let d = 0;
    if (this.#cos > 0) {
      for (let n = 0; n < weights.length; n++) {
        const y = (x[n]! - mean) * weights[n]!;
        sum += y;
        d += y + kappa * s;
        s += d;
      }
    } else {
      for (let n = 0; n < weights.length; n++) {
        const y = (x[n]! - mean) * weights[n]!;
        sum += y;
        d = y + kappa * s - d;
        s = d - s;
      }
    }
    const before = this.#cos > 0 ? s - d : d - s;
    // Σ y[n]·e^(iω(N−1−n)) = s − before · e^(−iω); turned so that the first sample has the angle 0.
    const re = s - before * this.#cos;
    const im = before * this.#sin;
    this.#re = re * this.#endCos + im * this.#endSin;
    this.#im = re * this.#endSin - im * this.#endCos;
    return sum;
  }
}
