import type { Random } from "../math/random.js";
import { between, type Tree } from "./tree.js";

/** A tree that cuts at random places until rows are alone. */
export interface IsolationTree extends Tree {
  /** The path length h of the rows that end in a leaf; [nodes] */
  pathLength: Float64Array;
}

/** Row-major [rows, columns]. */
interface Rows {
  columns: number;
  data: Float32Array;
}

/**
 * The mean path length of an unsuccessful search in a binary search tree of n: c(n) = 2 H(n − 1) − 2 (n − 1) / n with
 * H(i) ≈ ln(i) + 0.5772; what a leaf of n rows is counted for. Liu, Ting & Zhou, ICDM 2008, equation 1
 */
export function meanPathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

/**
 * Grows isolation trees of sub-samples of the same size: at each node a feature that is not constant there, and a place
 * between its least and largest number, both at random; down to the height limit ⌈log₂ ψ⌉, the mean height of such trees.
 * O(ψ log ψ) for a tree.
 */
export class IsolationTrees {
  readonly #rows: Rows;
  readonly #heightLimit: number;
  readonly #features: Int32Array;
  readonly #feature: Int32Array;
  readonly #threshold: Float32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #size: Int32Array;
  readonly #depth: Int32Array;
  /** What the rows of a part have of the feature that was asked for last. */
  readonly #values: Float32Array;
  /** Triples of parts that wait for their split: node, from, to. */
  readonly #waiting: Int32Array;

  /** @param features those that may be asked for */
  constructor(rows: Rows, features: readonly number[], subSample: number) {
    const nodes = 2 * subSample;
    this.#rows = rows;
    this.#heightLimit = Math.ceil(Math.log2(Math.max(2, subSample)));
    this.#features = Int32Array.from(features);
    this.#feature = new Int32Array(nodes);
    this.#threshold = new Float32Array(nodes);
    this.#left = new Int32Array(nodes);
    this.#right = new Int32Array(nodes);
    this.#size = new Int32Array(nodes);
    this.#depth = new Int32Array(nodes);
    this.#values = new Float32Array(subSample);
    this.#waiting = new Int32Array(3 * nodes);
  }

  /** @param sample indices of rows; they are put into another order */
  grow(sample: Int32Array, random: Random): IsolationTree {
    const [feature, left, right, size, depth] = [this.#feature, this.#left, this.#right, this.#size, this.#depth];
    const [values, waiting] = [this.#values, this.#waiting];
    waiting[0] = 0;
    waiting[1] = 0;
    waiting[2] = sample.length;
    depth[0] = 0;
    let count = 1;
    for (let top = 3; top > 0; ) {
      const to = waiting[--top]!;
      const from = waiting[--top]!;
      const node = waiting[--top]!;
      size[node] = to - from;
      feature[node] = -1;
      if (to - from < 2 || depth[node]! >= this.#heightLimit || !this.#cut(sample, from, to, node, random)) continue;
      const threshold = this.#threshold[node]!;
      let middle = from;
      for (let i = from; i < to; i++) {
        if (values[i]! > threshold) continue;
        const row = sample[i]!;
        sample[i] = sample[middle]!;
        sample[middle++] = row;
      }
      left[node] = count;
      right[node] = count + 1;
      depth[count] = depth[node]! + 1;
      depth[count + 1] = depth[node]! + 1;
      waiting[top++] = count;
      waiting[top++] = from;
      waiting[top++] = middle;
      waiting[top++] = count + 1;
      waiting[top++] = middle;
      waiting[top++] = to;
      count += 2;
    }
    return this.#finish(count);
  }

  /** Draws a feature that is not constant in a part of the sample, and where to cut it; false when all are. */
  #cut(sample: Int32Array, from: number, to: number, node: number, random: Random): boolean {
    const { columns, data } = this.#rows;
    const [features, values] = [this.#features, this.#values];
    for (let left = features.length; left > 0; left--) {
      const pick = Math.floor(random() * left);
      const asked = features[pick]!;
      features[pick] = features[left - 1]!;
      features[left - 1] = asked;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = from; i < to; i++) {
        const x = data[sample[i]! * columns + asked]!;
        values[i] = x;
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      if (low === high) continue;
      const place = Math.fround(low + random() * (high - low));
      this.#feature[node] = asked;
      this.#threshold[node] = place < high ? place : between(low, high);
      return true;
    }
    return false;
  }

  #finish(count: number): IsolationTree {
    const feature = this.#feature.slice(0, count);
    const left = this.#left.slice(0, count);
    const right = this.#right.slice(0, count);
    const pathLength = new Float64Array(count);
    const [size, depth] = [this.#size, this.#depth];
    for (let node = 0; node < count; node++) {
      if (feature[node]! < 0) pathLength[node] = depth[node]! + meanPathLength(size[node]!);
    }
    return { feature, threshold: this.#threshold.slice(0, count), left, right, pathLength };
  }
}
