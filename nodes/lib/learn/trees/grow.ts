import type { Random } from "../math/random.js";
import { type Bins, MAX_BINS } from "./bins.js";
import { type Part, SplitSearch, type Target } from "./split.js";
import { between, type Tree } from "./tree.js";

/** A tree that tells shares of classes, or a value. */
export interface DecisionTree extends Tree {
  /** What a leaf tells: the share of each class, or the mean value; [nodes, slots], of inner nodes 0 */
  told: Float32Array;
}

export interface GrowOptions {
  /** Questions from the root to a leaf, at most. */
  maxDepth: number;
  /** Rows in a leaf, at least. */
  minLeaf: number;
  /** Features that are looked at for a split. */
  tried: number;
}

/** Beside the rounding of sums, a side that weighs less than this share of the whole weighs nothing. */
const PURE = 1 - 1e-12;

/**
 * Grows classification and regression trees (Breiman, Friedman, Olshen & Stone 1984) from binned features: at each node the
 * split that leaves the least impurity, until a leaf is pure, small or deep enough. An impure node is split even where
 * that alone gains nothing: what two features say together shows only below.
 * O(rows × features tried × depth) for a tree.
 */
export class TreeGrower {
  readonly #bins: Bins;
  readonly #options: GrowOptions;
  readonly #search: SplitSearch;
  readonly #slots: number;
  readonly #rightRows: Int32Array;
  /** Those that change at all, in an order that draws change. */
  readonly #features: Int32Array;

  constructor(bins: Bins, slots: number, options: GrowOptions) {
    this.#bins = bins;
    this.#options = options;
    this.#slots = slots;
    this.#search = new SplitSearch(bins, slots, options.minLeaf);
    this.#rightRows = new Int32Array(bins.rows);
    this.#features = Int32Array.from(bins.counts.keys()).filter((feature) => bins.counts[feature]! > 1);
  }

  /**
   * @param rows those of weight above 0, ascending; they are put into another order
   * @param progress told the share of the rows that are in leaves
   */
  grow(rows: Int32Array, target: Target, random: Random, progress: (share: number) => void): DecisionTree {
    const { maxDepth, minLeaf, tried } = this.#options;
    const { codes, low, high } = this.#bins;
    const slots = this.#slots;
    const feature: number[] = [];
    const threshold: number[] = [];
    const left: number[] = [];
    const right: number[] = [];
    const told: number[] = [];
    const draw = tried < this.#features.length ? this.#drawer(random) : this.#inOrder();
    const addNode = () => {
      for (const list of [left, right, threshold]) list.push(0);
      for (let s = 0; s < slots; s++) told.push(0);
      return feature.push(-1) - 1;
    };
    const rightRows = this.#rightRows;
    const waiting = [{ node: addNode(), depth: 0, part: wholeOf(rows, target) }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node, depth, part } = next;
      const { from, to } = part;
      const ends = depth >= maxDepth || to - from < 2 * minLeaf || isPure(part, target);
      if (ends || !this.#search.find(part, target, this.#features.length, tried, draw)) {
        for (let s = 0; s < slots; s++) told[node * slots + s] = part.sums[s]! / part.weight;
        progress(to / rows.length);
        continue;
      }
      const { feature: asked, leftBin, rightBin } = this.#search;
      const column = asked * this.#bins.rows;
      // In the order in which they are: memory is then read forwards.
      let middle = from;
      let aside = 0;
      for (let i = from; i < to; i++) {
        const row = rows[i]!;
        if (codes[column + row]! <= leftBin) rows[middle++] = row;
        else rightRows[aside++] = row;
      }
      rows.set(rightRows.subarray(0, aside), middle);
      feature[node] = asked;
      threshold[node] = between(high[asked * MAX_BINS + leftBin]!, low[asked * MAX_BINS + rightBin]!);
      left[node] = addNode();
      right[node] = addNode();
      const [leftPart, rightPart] = halves(part, middle, this.#search);
      waiting.push({ node: right[node]!, depth: depth + 1, part: rightPart });
      waiting.push({ node: left[node]!, depth: depth + 1, part: leftPart });
    }
    return {
      feature: Int32Array.from(feature),
      threshold: Float32Array.from(threshold),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      told: Float32Array.from(told),
    };
  }

  /** Draws without putting back. */
  #drawer(random: Random): (left: number) => number {
    const features = this.#features;
    return (left) => {
      const pick = Math.floor(random() * left);
      const feature = features[pick]!;
      features[pick] = features[left - 1]!;
      features[left - 1] = feature;
      return feature;
    };
  }

  /** All of them: of two equal splits the one of the earlier feature is taken. */
  #inOrder(): (left: number) => number {
    const features = this.#features;
    return (left) => features[features.length - left]!;
  }
}

function wholeOf(rows: Int32Array, { slots, slot, weight, mass }: Target): Part {
  const sums = new Float64Array(slots);
  let total = 0;
  for (const row of rows) {
    total += weight[row]!;
    sums[slot[row]!]! += mass[row]!;
  }
  return { rows, from: 0, to: rows.length, weight: total, sums };
}

/** Both sides of the split that was found. A class that all went left with must not stay on the right as rounding. */
function halves({ rows, from, to, weight, sums }: Part, middle: number, found: SplitSearch): [Part, Part] {
  const left = found.leftSums.slice();
  const rest = new Float64Array(sums.length);
  const rounding = sums.length > 1 ? (1 - PURE) * weight : 0;
  for (let s = 0; s < sums.length; s++) {
    const difference = sums[s]! - left[s]!;
    rest[s] = Math.abs(difference) <= rounding ? 0 : difference;
  }
  return [
    { rows, from, to: middle, weight: found.leftWeight, sums: left },
    { rows, from: middle, to, weight: weight - found.leftWeight, sums: rest },
  ];
}

/** Whether all rows are of one class, or have one value. */
function isPure({ rows, from, to, weight, sums }: Part, { slots, weight: weights, mass }: Target): boolean {
  if (slots > 1) {
    for (let s = 0; s < slots; s++) if (sums[s]! >= PURE * weight) return true;
    return false;
  }
  const first = mass[rows[from]!]! / weights[rows[from]!]!;
  const most = Math.abs(first) * (1 - PURE);
  for (let i = from + 1; i < to; i++) {
    const row = rows[i]!;
    if (Math.abs(mass[row]! / weights[row]! - first) > most) return false;
  }
  return true;
}
