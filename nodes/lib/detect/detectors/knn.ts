import { type Detector, leastSpread, type Memory } from "../detector.js";
import { LagDistances } from "../math/lag-distances.js";
import { Typical } from "../math/typical.js";
import type { Packer, Unpacker } from "../packing.js";

interface KnnOptions {
  length: number;
  history: number;
  neighbours: number;
}

/** Windows to compare with before the first score. */
const LEAST_WINDOWS = 40;

/**
 * Nearest neighbours among lag windows: the mean distance of the last readings to the most similar stretches of the
 * history, beside the usual one (kNN-CAD: Burnaev & Ishimtsev, arXiv:1608.04585, 2016; here with Euclidean distances, and
 * the conformal p-value is continued beyond what the history can show). A stretch that overlaps by half and more is no
 * neighbour. The score is of the values and their order, so a new level is strange until it fills a few windows; what
 * happened `neighbours` times within the history is normal.
 */
export const knn: Detector<KnnOptions> = {
  id: "knn",
  title: "Nearest neighbours of the last readings",
  about: "A course of readings that was not there before: wrong shapes, levels, rhythms. The best all-rounder.",
  cost: "O(history)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      length: { type: "integer", minimum: 2, maximum: 512, default: 16, title: "Length of the course (readings)" },
      history: {
        type: "integer",
        minimum: 100,
        maximum: 20_000,
        default: 2000,
        title: "History (readings)",
        description: "What it remembers and compares with. Best some repetitions of the slowest rhythm.",
      },
      neighbours: {
        type: "integer",
        minimum: 1,
        maximum: 20,
        default: 3,
        title: "Neighbours",
        description: "What was there so often is normal.",
      },
    },
  },
  warmUp: ({ length }) => length + (length >> 1) + LEAST_WINDOWS + Typical.warmUp,
  afterGap: ({ length }) => length,
  create: (options) => new Knn(options),
};

class Knn implements Memory {
  readonly #distances: LagDistances;
  readonly #nearest: Float64Array;
  readonly #typical = new Typical();

  constructor({ length, history, neighbours }: KnnOptions) {
    this.#distances = new LagDistances(length, history);
    this.#nearest = new Float64Array(neighbours);
  }

  update(values: Float64Array): number | undefined {
    const value = values[0]!;
    const distances = this.#distances;
    distances.push(value);
    const { lags, length } = distances;
    const first = (length >> 1) + 1;
    if (lags < first + LEAST_WINDOWS) return undefined;
    const all = distances.squared;
    const nearest = this.#nearest;
    const last = nearest.length - 1;
    nearest.fill(Number.POSITIVE_INFINITY);
    let furthest = Number.POSITIVE_INFINITY;
    for (let lag = first; lag <= lags; lag++) {
      const squared = all[lag]!;
      if (!(squared < furthest)) continue;
      let place = last;
      while (place > 0 && nearest[place - 1]! > squared) {
        nearest[place] = nearest[place - 1]!;
        place--;
      }
      nearest[place] = squared;
      furthest = nearest[last]!;
    }
    let sum = 0;
    for (const squared of nearest) sum += Math.sqrt(Math.max(0, squared));
    return this.#typical.ratio(sum / nearest.length, leastSpread(value) * Math.sqrt(length));
  }

  pack(packer: Packer): void {
    this.#distances.pack(packer);
    this.#typical.pack(packer);
  }

  unpack(unpacker: Unpacker): void {
    this.#distances.unpack(unpacker);
    this.#typical.unpack(unpacker);
  }
}
