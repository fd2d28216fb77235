import { type Detector, leastSpread, type Memory } from "../detector.js";
import type { Packer, Unpacker } from "../packing.js";

interface CusumOptions {
  shift: number;
  reference: number;
}

const WARM_UP = 50;
/** In standard deviations: what one reading may add to a sum or move the reference by. */
const CLIP = 4;
/** After an alarm the reference counts as learned from so many readings only. */
const RESTART = 10;

/**
 * Two-sided CUSUM (Page, Biometrika 41 (1954) 100–115), self-starting: the reference is the mean and deviation of the
 * readings so far (Hawkins, The Statistician 36 (1987) 299–315), here with exponential forgetting. The score is the
 * larger of both sums. After an alarm both start at 0 again and the reference is learned anew from then on: a level that
 * stays is normal after some tens of readings.
 */
export const cusum: Detector<CusumOptions> = {
  id: "cusum",
  title: "Cumulative sum (CUSUM)",
  about: "Small shifts that stay: a sensor that drifts, a filter that clogs, wear. For readings without a daily cycle.",
  cost: "O(1)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      shift: {
        type: "number",
        minimum: 0.1,
        maximum: 10,
        default: 1,
        title: "Shift to find (standard deviations)",
        description: "Smaller shifts take more readings to be found.",
      },
      reference: {
        type: "integer",
        minimum: 50,
        maximum: 1_000_000,
        default: 1000,
        title: "Normal over (readings)",
        description: "A drift slower than this is followed, and not found.",
      },
    },
  },
  warmUp: () => WARM_UP,
  afterGap: () => 0,
  create: (options) => new Cusum(options),
};

class Cusum implements Memory {
  readonly #allowance: number;
  readonly #reference: number;
  /** Readings that the reference is the mean of, at most as many as it is made of. */
  #seen = 0;
  #ready = false;
  #mean = 0;
  #variance = 0;
  #high = 0;
  #low = 0;

  constructor({ shift, reference }: CusumOptions) {
    // Half the shift is the best allowance for finding it.
    this.#allowance = shift / 2;
    this.#reference = reference;
  }

  update(values: Float64Array): number | undefined {
    const value = values[0]!;
    const error = value - this.#mean;
    const spread = Math.max(Math.sqrt(this.#variance), leastSpread(this.#mean));
    const ready = this.#ready;
    const learned = ready ? Math.max(-CLIP * spread, Math.min(CLIP * spread, error)) : error;
    if (ready) {
      const step = learned / spread;
      this.#high = Math.max(0, this.#high + step - this.#allowance);
      this.#low = Math.max(0, this.#low - step - this.#allowance);
    }
    this.#seen = Math.min(this.#seen + 1, this.#reference);
    const gain = 1 / this.#seen;
    this.#mean += gain * learned;
    if (this.#seen > 1) this.#variance += gain * (learned * learned * (1 - gain) - this.#variance);
    if (this.#seen >= WARM_UP) this.#ready = true;
    return ready ? Math.max(this.#high, this.#low) : undefined;
  }

  settle(anomalous: boolean): void {
    if (!anomalous) return;
    this.interrupt();
    this.#seen = Math.min(this.#seen, RESTART);
  }

  interrupt(): void {
    this.#high = 0;
    this.#low = 0;
  }

  pack(packer: Packer): void {
    packer.all([this.#seen, this.#ready ? 1 : 0, this.#mean, this.#variance, this.#high, this.#low]);
  }

  unpack(unpacker: Unpacker): void {
    this.#seen = unpacker.count(this.#reference);
    this.#ready = unpacker.count(1) === 1;
    this.#mean = unpacker.finite();
    this.#variance = Math.max(0, unpacker.finite());
    this.#high = Math.max(0, unpacker.finite());
    this.#low = Math.max(0, unpacker.finite());
  }
}
