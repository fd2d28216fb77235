import { type Detector, leastSpread, type Memory } from "../detector.js";
import type { Packer, Unpacker } from "../packing.js";

interface HalfSpaceTreesOptions {
  window: number;
  trees: number;
  depth: number;
}

/** The share of a window below which a node is not asked any further. */
const SMALL = 0.1;
/** Trees are made anew when a window's values take less than this share of the space that they cut. */
const TOO_WIDE = 0.1;
/** Of a window's range: how far beyond it the space goes on both sides, for what is further out than ever. */
const MARGIN = 0.25;
/** Of the seeded generator: the same trees after a restart. */
const SEED = 20_110_716;
/** The weight of a reading in the scales by which a score is shared among channels. */
const SCALE_GAIN = 0.01;

/**
 * Streaming half-space trees (Tan, Ting & Liu, IJCAI 2011): random cuts of the space of all channels, and how many
 * readings of the last window fell into each part; strange is what falls where few did. A reading is learned with the
 * next window, so an anomaly does not hide itself, and what stays is normal after a window.
 */
export const halfSpaceTrees: Detector<HalfSpaceTreesOptions> = {
  id: "half-space-trees",
  title: "Half-space trees",
  about: "Combinations of several channels that were not there before: a fan that draws current without air flow.",
  cost: "O(trees × depth), for all channels together",
  joint: true,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      window: {
        type: "integer",
        minimum: 100,
        maximum: 10_000,
        default: 250,
        title: "Window (readings)",
        description: "What it compares with is the window before the current one.",
      },
      trees: { type: "integer", minimum: 5, maximum: 200, default: 25, title: "Trees" },
      depth: { type: "integer", minimum: 3, maximum: 12, default: 10, title: "Depth" },
    },
  },
  warmUp: ({ window }) => 2 * window,
  afterGap: () => 0,
  create: (options, channels) => new HalfSpaceTrees(options, channels),
};

class HalfSpaceTrees implements Memory {
  readonly #options: HalfSpaceTreesOptions;
  readonly #channels: number;
  readonly #nodes: number;
  // The cuts: by tree and node.
  readonly #channelOf: Uint16Array;
  readonly #cut: Float64Array;
  /** Readings of the window before, and of the current one. */
  #reference: Uint16Array;
  #latest: Uint16Array;
  /** The space that was cut. */
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** What the current window's values take of it. */
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  #cutOnce = false;
  /** Windows that the trees have counted. */
  #windows = 0;
  #seen = 0;
  /** Moving mean and variance of each channel. */
  readonly #mean: Float64Array;
  readonly #variance: Float64Array;
  readonly #shares: Float64Array;

  constructor(options: HalfSpaceTreesOptions, channels: number) {
    this.#options = options;
    this.#channels = channels;
    this.#nodes = 2 ** (options.depth + 1) - 1;
    const all = options.trees * this.#nodes;
    this.#channelOf = new Uint16Array(all);
    this.#cut = new Float64Array(all);
    this.#reference = new Uint16Array(all);
    this.#latest = new Uint16Array(all);
    const perChannel = () => new Float64Array(channels);
    this.#low = perChannel();
    this.#high = perChannel();
    this.#least = perChannel().fill(Number.POSITIVE_INFINITY);
    this.#most = perChannel().fill(Number.NEGATIVE_INFINITY);
    this.#mean = perChannel();
    this.#variance = perChannel();
    this.#shares = perChannel();
  }

  update(values: Float64Array): number | undefined {
    const score = this.#windows > 0 ? this.#score(values) : undefined;
    this.#share(values);
    if (this.#cutOnce) this.#count(values);
    for (let c = 0; c < this.#channels; c++) {
      this.#least[c] = Math.min(this.#least[c]!, values[c]!);
      this.#most[c] = Math.max(this.#most[c]!, values[c]!);
    }
    if (++this.#seen >= this.#options.window) this.#endWindow();
    return score;
  }

  /** How much emptier than evenly filled the reading's places are: the square root of the geometric mean over the trees. */
  #score(values: Float64Array): number {
    const { trees, window, depth } = this.#options;
    let logs = 0;
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * this.#nodes;
      let node = 0;
      let level = 0;
      while (level < depth && this.#reference[first + node]! > SMALL * window) {
        node = this.#next(first, node, values);
        level++;
      }
      logs += depth - level - Math.log2((this.#reference[first + node]! + 0.5) / window);
    }
    return 2 ** (logs / trees / 2);
  }

  #count(values: Float64Array): void {
    const { trees, depth } = this.#options;
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * this.#nodes;
      let node = 0;
      this.#latest[first]!++;
      for (let level = 0; level < depth; level++) {
        node = this.#next(first, node, values);
        this.#latest[first + node]!++;
      }
    }
  }

  #next(first: number, node: number, values: Float64Array): number {
    const at = first + node;
    return 2 * node + (values[this.#channelOf[at]!]! < this.#cut[at]! ? 1 : 2);
  }

  #endWindow(): void {
    if (!this.#cutOnce || this.#spaceChanged()) this.#cutSpace();
    else {
      [this.#reference, this.#latest] = [this.#latest, this.#reference];
      this.#latest.fill(0);
      this.#windows++;
    }
    this.#least.fill(Number.POSITIVE_INFINITY);
    this.#most.fill(Number.NEGATIVE_INFINITY);
    this.#seen = 0;
  }

  /** The whole window lies outside, or in a small part, of what was cut. */
  #spaceChanged(): boolean {
    for (let c = 0; c < this.#channels; c++) {
      const [low, high] = [this.#low[c]!, this.#high[c]!];
      const [least, most] = [this.#least[c]!, this.#most[c]!];
      if (least > high || most < low) return true;
      if (most - least > leastSpread(most) && most - least < TOO_WIDE * (high - low)) return true;
    }
    return false;
  }

  /** Takes the window's range, and a margin on both sides, as the space; its trees have counted nothing yet. */
  #cutSpace(): void {
    for (let c = 0; c < this.#channels; c++) {
      const [least, most] = [this.#least[c]!, this.#most[c]!];
      const margin = Math.max(MARGIN * (most - least), leastSpread(most));
      this.#low[c] = least - margin;
      this.#high[c] = most + margin;
    }
    this.#grow();
    this.#reference.fill(0);
    this.#latest.fill(0);
    this.#windows = 0;
    this.#cutOnce = true;
  }

  /** The trees of this space: each halves a part of it once for each level, in a channel drawn by lot. */
  #grow(): void {
    const random = generator(SEED);
    const { trees, depth } = this.#options;
    const low = new Float64Array(this.#channels);
    const high = new Float64Array(this.#channels);
    const divide = (first: number, node: number, level: number): void => {
      if (level === depth) return;
      const channel = Math.floor(random() * this.#channels);
      const middle = (low[channel]! + high[channel]!) / 2;
      this.#channelOf[first + node] = channel;
      this.#cut[first + node] = middle;
      const [left, right] = [low[channel]!, high[channel]!];
      high[channel] = middle;
      divide(first, 2 * node + 1, level + 1);
      high[channel] = right;
      low[channel] = middle;
      divide(first, 2 * node + 2, level + 1);
      low[channel] = left;
    };
    for (let tree = 0; tree < trees; tree++) {
      for (let c = 0; c < this.#channels; c++) {
        // Around a point drawn by lot, as far as reaches over the whole space: no two trees cut alike.
        const [from, range] = [this.#low[c]!, this.#high[c]! - this.#low[c]!];
        const centre = random();
        const reach = Math.max(centre, 1 - centre);
        low[c] = from + range * (centre - reach);
        high[c] = from + range * (centre + reach);
      }
      divide(tree * this.#nodes, 0, 0);
    }
  }

  /** By the squared distance from each channel's moving mean. */
  #share(values: Float64Array): void {
    let sum = 0;
    for (let c = 0; c < this.#channels; c++) {
      const off = values[c]! - this.#mean[c]!;
      const spread = Math.max(this.#variance[c]!, leastSpread(this.#mean[c]!) ** 2);
      const square = Math.min(1e12, (off * off) / spread);
      this.#shares[c] = square;
      sum += square;
      const started = this.#cutOnce || this.#seen > 0;
      const learned = this.#cutOnce ? Math.sign(off) * Math.min(Math.abs(off), 4 * Math.sqrt(spread)) : off;
      const gain = Math.max(SCALE_GAIN, this.#cutOnce ? 0 : 1 / (this.#seen + 1));
      this.#mean[c]! += gain * learned;
      if (started) this.#variance[c]! += gain * (learned * learned - this.#variance[c]!);
    }
    for (let c = 0; c < this.#channels; c++) this.#shares[c] = sum > 0 ? this.#shares[c]! / sum : 1 / this.#channels;
  }

  shares(): Float64Array {
    return this.#shares;
  }

  pack(packer: Packer): void {
    packer.all([this.#cutOnce ? 1 : 0, this.#windows, this.#seen]);
    for (const values of [this.#low, this.#high, this.#mean, this.#variance]) packer.all(values);
    // Infinite before a window's first reading.
    if (this.#seen > 0) for (const values of [this.#least, this.#most]) packer.all(values);
    for (const counts of [this.#reference, this.#latest]) {
      const used = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
      packer.number(used);
      counts.forEach((count, at) => {
        if (count > 0) packer.all([at, count]);
      });
    }
  }

  unpack(unpacker: Unpacker): void {
    this.#cutOnce = unpacker.count(1) === 1;
    this.#windows = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#seen = unpacker.count(this.#options.window);
    for (const values of [this.#low, this.#high, this.#mean, this.#variance]) unpacker.fill(values);
    if (this.#seen > 0) for (const values of [this.#least, this.#most]) unpacker.fill(values);
    for (const counts of [this.#reference, this.#latest]) {
      counts.fill(0);
      for (let used = unpacker.count(counts.length); used > 0; used--) {
        const at = unpacker.count(counts.length - 1);
        counts[at] = unpacker.count(this.#options.window);
      }
    }
    if (this.#cutOnce) this.#grow();
  }
}

/** Mulberry32: numbers from 0 to 1 that are the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
