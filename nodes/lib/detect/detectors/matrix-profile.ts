import { type Detector, leastSpread, type Memory } from "../detector.js";
import { LagDistances } from "../math/lag-distances.js";
import { Recent } from "../math/recent.js";
import { Typical } from "../math/typical.js";
import type { Packer, Unpacker } from "../packing.js";

interface MatrixProfileOptions {
  length: number;
  history: number;
  ignore: "level" | "level and size";
}

/** Windows to compare with before the first score. */
const LEAST_WINDOWS = 40;
/** A window flatter than this share of the usual one is compared as if it were not: its shape is noise. */
const FLAT = 0.1;

/**
 * The left matrix profile of a stream: the distance of the last readings to the most similar stretch before them, by
 * shape alone (Yeh et al., ICDM 2016; of what came before only, as in DAMP: Lu et al., KDD 2022), beside the usual one.
 * Each window is freed of its mean and, if wished, of its size. A shape that was there once within the history is normal.
 */
export const matrixProfile: Detector<MatrixProfileOptions> = {
  id: "matrix-profile",
  title: "Matrix profile",
  about: "A shape that was not there before, at whatever level: cycles of machines, strokes, heartbeats.",
  cost: "O(history)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      length: {
        type: "integer",
        minimum: 4,
        maximum: 1024,
        default: 32,
        title: "Length of the shape (readings)",
        description: "About one cycle of the machine.",
      },
      history: {
        type: "integer",
        minimum: 100,
        maximum: 20_000,
        default: 2000,
        title: "History (readings)",
        description: "What it remembers and compares with: many cycles.",
      },
      ignore: {
        type: "string",
        enum: ["level", "level and size"],
        default: "level",
        title: "Shapes may differ by",
        description: "With the size ignored, a weak cycle is like a strong one.",
      },
    },
  },
  warmUp: ({ length }) => length + (length >> 1) + LEAST_WINDOWS + Typical.warmUp,
  afterGap: ({ length }) => length,
  create: (options) => new MatrixProfile(options),
};

class MatrixProfile implements Memory {
  readonly #distances: LagDistances;
  readonly #means: Recent;
  readonly #sizes: Recent;
  readonly #bySize: boolean;
  readonly #typical = new Typical();
  readonly #usualSize = new Typical();

  constructor({ length, history, ignore }: MatrixProfileOptions) {
    this.#distances = new LagDistances(length, history);
    this.#means = new Recent(history + 1);
    this.#sizes = new Recent(history + 1);
    this.#bySize = ignore === "level and size";
  }

  update(values: Float64Array): number | undefined {
    const distances = this.#distances;
    distances.push(values[0]!);
    const { lags, length } = distances;
    if (lags < 0) return undefined;
    const mean = this.#mean(0);
    const size = this.#size(mean);
    this.#means.push(mean);
    this.#sizes.push(size);
    const first = (length >> 1) + 1;
    const least = leastSpread(mean);
    const relative = this.#usualSize.ratio(size, least);
    if (lags < first + LEAST_WINDOWS || relative === undefined) return undefined;
    const flat = Math.max(least, (FLAT * size) / Math.max(relative, 1e-9));
    const all = distances.squared;
    const means = this.#means.values;
    const last = this.#means.end - 1;
    let nearest = Number.POSITIVE_INFINITY;
    for (let lag = first; lag <= lags; lag++) {
      const other = mean - means[last - lag]!;
      const byLevel = Math.max(0, all[lag]! - length * other * other);
      const squared = this.#bySize ? this.#scaled(byLevel / length, size, this.#sizes.ago(lag), flat) : byLevel;
      if (squared < nearest) nearest = squared;
    }
    const unit = this.#bySize ? 1e-6 : least;
    return this.#typical.ratio(Math.sqrt(nearest), unit * Math.sqrt(length));
  }

  /** The squared distance of two shapes with their sizes made 1. @param squared per reading, of both freed of their means */
  #scaled(squared: number, size: number, otherSize: number, flat: number): number {
    const covariance = (size * size + otherSize * otherSize - squared) / 2;
    const [a, b] = [Math.max(size, flat), Math.max(otherSize, flat)];
    const distance = (size / a) ** 2 + (otherSize / b) ** 2 - (2 * covariance) / (a * b);
    return this.#distances.length * Math.max(0, distance);
  }

  #mean(ago: number): number {
    let sum = 0;
    for (let i = 0; i < this.#distances.length; i++) sum += this.#distances.ago(ago + i);
    return sum / this.#distances.length;
  }

  /** The standard deviation of the last readings. */
  #size(mean: number, ago = 0): number {
    let sum = 0;
    for (let i = 0; i < this.#distances.length; i++) sum += (this.#distances.ago(ago + i) - mean) ** 2;
    return Math.sqrt(sum / this.#distances.length);
  }

  pack(packer: Packer): void {
    this.#distances.pack(packer);
    this.#typical.pack(packer);
    this.#usualSize.pack(packer);
  }

  unpack(unpacker: Unpacker): void {
    this.#distances.unpack(unpacker);
    this.#typical.unpack(unpacker);
    this.#usualSize.unpack(unpacker);
    for (let ago = this.#distances.lags; ago >= 0; ago--) {
      const mean = this.#mean(ago);
      this.#means.push(mean);
      this.#sizes.push(this.#size(mean, ago));
    }
  }
}
