import { type Detector, leastSpread, type Memory } from "../detector.js";
import type { Packer, Unpacker } from "../packing.js";

interface EwmaOptions {
  level: number;
  spread: number;
}

const WARM_UP = 50;
/** In standard deviations: beyond it a reading moves level and spread no further. */
const CLIP = 4;

/**
 * The error of the forecast that an exponentially weighted moving average makes of the next reading, in standard
 * deviations of such errors (EWMA control chart; Roberts, Technometrics 1 (1959) 239–250). Level and spread learn from
 * errors clipped at four standard deviations: an outlier hardly moves them, and a level that stays is followed at that
 * pace, the spread growing with it.
 */
export const ewma: Detector<EwmaOptions> = {
  id: "ewma",
  title: "Distance from the moving average",
  about: "Sudden changes of a value that drifts slowly: temperatures, pressures, levels. The cheapest one.",
  cost: "O(1)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      level: { type: "integer", minimum: 1, maximum: 10_000, default: 9, title: "Average over (readings)" },
      spread: {
        type: "integer",
        minimum: 20,
        maximum: 100_000,
        default: 200,
        title: "Spread over (readings)",
        description: "How long it remembers how much the readings scatter.",
      },
    },
  },
  warmUp: () => WARM_UP,
  afterGap: ({ level }) => 3 * level,
  create: (options) => new Ewma(options),
};

class Ewma implements Memory {
  readonly #levelGain: number;
  readonly #spreadGain: number;
  #seen = 0;
  #level = 0;
  #variance = 0;

  constructor({ level, spread }: EwmaOptions) {
    // The usual equivalence: as much weight on the past as a plain mean over so many.
    this.#levelGain = 2 / (level + 1);
    this.#spreadGain = 2 / (spread + 1);
  }

  update(values: Float64Array): number | undefined {
    const value = values[0]!;
    if (this.#seen === 0) this.#level = value;
    const error = value - this.#level;
    const spread = Math.max(Math.sqrt(this.#variance), leastSpread(this.#level));
    const known = this.#seen >= WARM_UP;
    const score = known ? Math.abs(error) / spread : undefined;
    const learned = known ? Math.max(-CLIP * spread, Math.min(CLIP * spread, error)) : error;
    this.#seen++;
    this.#level += Math.max(this.#levelGain, 1 / this.#seen) * learned;
    this.#variance += Math.max(this.#spreadGain, 1 / this.#seen) * (learned * learned - this.#variance);
    return score;
  }

  pack(packer: Packer): void {
    packer.all([this.#seen, this.#level, this.#variance]);
  }

  unpack(unpacker: Unpacker): void {
    this.#seen = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#level = unpacker.finite();
    this.#variance = Math.max(0, unpacker.finite());
  }
}
