import { type Detector, leastSpread, type Memory } from "../detector.js";
import { SortedWindow } from "../math/sorted-window.js";
import type { Packer, Unpacker } from "../packing.js";

interface RobustZOptions {
  window: number;
}

/** A normal distribution's standard deviation, as a multiple of its median absolute deviation. */
const OF_DEVIATION = 1.4826;
/** … and of the distance between its 5 % and 95 % quantiles. */
const OF_RANGE = 1 / 3.29;
/** A median of fewer values says little. */
const LEAST = 20;

/**
 * The distance from the rolling median in standard deviations, by the rolling median absolute deviation (Hampel's
 * identifier). Half of the window may be outliers without moving it: a level that stays is normal after half a window.
 */
export const robustZ: Detector<RobustZOptions> = {
  id: "robust-z",
  title: "Distance from the median",
  about: "Single values far from the usual ones: spikes, drop-outs, sudden steps. For readings without a daily cycle.",
  cost: "O(log window)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      window: {
        type: "integer",
        minimum: LEAST,
        maximum: 10_000,
        default: 200,
        title: "Window (readings)",
        description: "A new level is normal after half of it.",
      },
    },
  },
  warmUp: ({ window }) => Math.min(window, 50),
  afterGap: () => 0,
  create: ({ window }) => new RobustZ(window),
};

class RobustZ implements Memory {
  readonly #window: SortedWindow;
  readonly #needed: number;

  constructor(window: number) {
    this.#window = new SortedWindow(window);
    this.#needed = Math.min(window, 50);
  }

  update(values: Float64Array): number | undefined {
    const value = values[0]!;
    const window = this.#window;
    let score: number | undefined;
    if (window.size >= this.#needed) {
      const median = window.median();
      let spread = OF_DEVIATION * window.deviation(median);
      // Most values are alike: a sensor with few steps.
      if (spread === 0) spread = OF_RANGE * (window.quantile(0.95) - window.quantile(0.05));
      score = Math.abs(value - median) / Math.max(spread, leastSpread(median));
    }
    window.push(value);
    return score;
  }

  pack(packer: Packer): void {
    this.#window.pack(packer);
  }

  unpack(unpacker: Unpacker): void {
    this.#window.unpack(unpacker);
  }
}
