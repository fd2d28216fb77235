/** Hz: what lies below is taken away. Speech begins at 80 Hz, and features of sound above 50 Hz. */
const CORNER = 10;

/**
 * Takes the constant part out of a channel: y[n] = x[n] − x[n−1] + r · y[n−1], with r = 1 − 2π · 10 Hz / rate; less than
 * .15 dB are lost at 60 Hz. It begins as if the first sample had always been there, so that there is no step to die away.
 */
export class OffsetFilter {
  readonly #decay: number;
  #before = Number.NaN;
  #out = 0;

  /** @param rate Hz */
  constructor(rate: number) {
    this.#decay = Math.max(0, 1 - (2 * Math.PI * CORNER) / rate);
  }

  next(sample: number): number {
    if (Number.isNaN(this.#before)) this.#before = sample;
    this.#out = sample - this.#before + this.#decay * this.#out;
    this.#before = sample;
    // Denormals would be slow.
    if (Math.abs(this.#out) < 1e-15) this.#out = 0;
    return this.#out;
  }
}
