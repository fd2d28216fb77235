import { type Bins, MAX_BINS } from "./bins.js";

/** What a tree is to tell of rows: their class or their value, as sums over rows. */
export interface Target {
  /** How many sums there are: one for each class, or one for the value. */
  slots: number;
  /** The sum that a row adds to; [rows] */
  slot: Uint16Array;
  /** What a row counts for in this tree, 0 where it is left out; [rows] */
  weight: Float64Array;
  /** What it adds: for a class its weight, for a value its weight times the value; [rows] */
  mass: Float64Array;
}

/** A part of the rows, and the sums over it. */
export interface Part {
  rows: Int32Array;
  from: number;
  to: number;
  weight: number;
  /** [slots] */
  sums: Float64Array;
}

/** Up to so many rows are sorted; more are added up by bin. */
const FEW = 32;

/** Of a key, the bits that tell the place of the row. */
const PLACE_BITS = 6;

/**
 * The best split of a part of the rows: between two bins of a feature so that Σ sums² / weight of both sides is largest.
 * For classes this is the least Gini impurity, for a value the least squared error.
 */
export class SplitSearch {
  feature = -1;
  /** The last bin that goes left, and the first that goes right. */
  leftBin = 0;
  rightBin = 0;
  leftWeight = 0;
  /** [slots] */
  readonly leftSums: Float64Array;

  readonly #bins: Bins;
  readonly #minLeaf: number;
  /** By bin. */
  readonly #count = new Int32Array(MAX_BINS);
  readonly #weight = new Float64Array(MAX_BINS);
  readonly #sums: Float64Array;
  /** Of a few rows, bin and place in one number. */
  readonly #keys = new Int32Array(FEW);
  /** Of what goes left. */
  readonly #left: Float64Array;
  #best = 0;

  constructor(bins: Bins, slots: number, minLeaf: number) {
    this.#bins = bins;
    this.#minLeaf = minLeaf;
    this.#sums = new Float64Array(MAX_BINS * slots);
    this.#left = new Float64Array(slots);
    this.leftSums = new Float64Array(slots);
  }

  /**
   * Looks at features until `tried` were seen, and on as long as all of them were constant.
   * @param features how many there are
   * @param next draws one of the first so many, and puts it behind them
   * @returns whether there is a split; it is in the fields of this object
   */
  find(part: Part, target: Target, features: number, tried: number, next: (left: number) => number): boolean {
    this.#best = Number.NEGATIVE_INFINITY;
    let useful = 0;
    for (let seen = 0; seen < features && (seen < tried || useful === 0); seen++) {
      const feature = next(features - seen);
      if (part.to - part.from <= FEW ? this.#sorted(part, target, feature) : this.#binned(part, target, feature))
        useful++;
    }
    return this.#best > Number.NEGATIVE_INFINITY;
  }

  /** Tries every place between two of a few rows, sorted; false when all are in the same bin. */
  #sorted(part: Part, target: Target, feature: number): boolean {
    const { rows, from, to, weight: whole, sums: totals } = part;
    const { slots, slot, weight, mass } = target;
    const codes = this.#bins.codes;
    const column = feature * this.#bins.rows;
    const keys = this.#keys;
    const count = to - from;
    for (let i = 0; i < count; i++) {
      const key = (codes[column + rows[from + i]!]! << PLACE_BITS) | i;
      let at = i;
      for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
      keys[at] = key;
    }
    if (keys[0]! >> PLACE_BITS === keys[count - 1]! >> PLACE_BITS) return false;
    const left = this.#left.fill(0);
    const least = this.#minLeaf;
    let leftWeight = 0;
    for (let i = 0; i + least < count; i++) {
      const row = rows[from + (keys[i]! & ((1 << PLACE_BITS) - 1))]!;
      leftWeight += weight[row]!;
      left[slot[row]!]! += mass[row]!;
      const code = keys[i]! >> PLACE_BITS;
      const next = keys[i + 1]! >> PLACE_BITS;
      if (i + 1 < least || next === code) continue;
      this.#try(left, totals, slots, leftWeight, whole, feature, code, next);
    }
    return true;
  }

  /** Tries every place between two bins that hold any of the rows; false when only one does. */
  #binned(part: Part, target: Target, feature: number): boolean {
    const { rows, from, to, weight: whole, sums: totals } = part;
    const { slots, slot, weight, mass } = target;
    const bins = this.#bins.counts[feature]!;
    const codes = this.#bins.codes;
    const column = feature * this.#bins.rows;
    const counts = this.#count;
    const weights = this.#weight;
    const sums = this.#sums;
    counts.fill(0, 0, bins);
    weights.fill(0, 0, bins);
    sums.fill(0, 0, bins * slots);
    if (slots === 1) {
      for (let i = from; i < to; i++) {
        const row = rows[i]!;
        const code = codes[column + row]!;
        counts[code]!++;
        weights[code]! += weight[row]!;
        sums[code]! += mass[row]!;
      }
    } else {
      for (let i = from; i < to; i++) {
        const row = rows[i]!;
        const code = codes[column + row]!;
        counts[code]!++;
        // The weight of a bin is the sum over its classes.
        sums[code * slots + slot[row]!]! += mass[row]!;
      }
    }
    const left = this.#left.fill(0);
    const least = this.#minLeaf;
    const count = to - from;
    let leftCount = 0;
    let leftWeight = 0;
    let before = -1;
    for (let code = 0; code < bins; code++) {
      if (counts[code] === 0) continue;
      if (before >= 0 && leftCount >= least && count - leftCount >= least) {
        this.#try(left, totals, slots, leftWeight, whole, feature, before, code);
      }
      before = code;
      leftCount += counts[code]!;
      leftWeight += weights[code]!;
      for (let s = 0, at = code * slots; s < slots; s++, at++) {
        left[s]! += sums[at]!;
        if (slots > 1) leftWeight += sums[at]!;
      }
    }
    return counts[before] !== count;
  }

  /** Keeps a split when Σ sums² / weight of both sides is more than that of the best one, compared without dividing. */
  #try(
    left: Float64Array,
    totals: Float64Array,
    slots: number,
    leftWeight: number,
    whole: number,
    feature: number,
    leftBin: number,
    rightBin: number,
  ): void {
    let leftSquares = 0;
    let rightSquares = 0;
    for (let s = 0; s < slots; s++) {
      const sum = left[s]!;
      const rest = totals[s]! - sum;
      leftSquares += sum * sum;
      rightSquares += rest * rest;
    }
    const rightWeight = whole - leftWeight;
    const worth = leftSquares * rightWeight + rightSquares * leftWeight;
    const weights = leftWeight * rightWeight;
    if (!(worth > this.#best * weights)) return;
    this.#best = worth / weights;
    this.feature = feature;
    this.leftBin = leftBin;
    this.rightBin = rightBin;
    this.leftWeight = leftWeight;
    this.leftSums.set(left);
  }
}
