import type { Random } from "./random.js";

/** Of row-major data. */
export interface Shape {
  rows: number;
  columns: number;
}

/**
 * Greedy k-means++: each next centre is a row drawn with a probability in proportion to its squared distance to the
 * nearest centre; of a few draws, the one that leaves the least inertia (as in scikit-learn).
 */
export function seedCentres(
  data: Float64Array,
  { rows, columns }: Shape,
  clusters: number,
  random: Random,
): Float64Array {
  const trials = trialsFor(clusters);
  const first = Math.min(rows - 1, Math.floor(random() * rows));
  const picks = [first];
  let squares = new Float64Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    squares[row] = squaredDistance(data, row * columns, data, first * columns, columns);
    total += squares[row]!;
  }
  let trial = new Float64Array(rows);
  let best = new Float64Array(rows);
  // At 0, every different row is a centre already.
  while (picks.length < clusters && total > 0) {
    let bestTotal = Number.POSITIVE_INFINITY;
    let bestPick = -1;
    for (let i = 0; i < trials; i++) {
      const pick = draw(squares, random() * total);
      let left = 0;
      for (let row = 0; row < rows; row++) {
        const square = squaredDistance(data, row * columns, data, pick * columns, columns);
        trial[row] = Math.min(square, squares[row]!);
        left += trial[row]!;
      }
      if (left >= bestTotal) continue;
      bestTotal = left;
      bestPick = pick;
      [best, trial] = [trial, best];
    }
    picks.push(bestPick);
    total = bestTotal;
    [squares, best] = [best, squares];
  }
  const centres = new Float64Array(picks.length * columns);
  picks.forEach((row, k) => {
    centres.set(data.subarray(row * columns, (row + 1) * columns), k * columns);
  });
  return centres;
}

/** Rows that are drawn for each next centre (Arthur & Vassilvitskii's own implementation, and scikit-learn's). */
export function trialsFor(clusters: number): number {
  return 2 + Math.floor(Math.log(clusters));
}

/** The row at which the running sum of the weights reaches `target`; never one of weight 0; −1 when all are. */
export function draw(weights: Float64Array | Float32Array, target: number): number {
  let left = target;
  let pick = -1;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    pick = row;
    left -= weights[row]!;
    if (left <= 0) break;
  }
  return pick;
}

/** Between the row that begins at `fromA` in a and the one that begins at `fromB` in b. */
export function squaredDistance(
  a: Float64Array,
  fromA: number,
  b: Float64Array,
  fromB: number,
  columns: number,
): number {
  let sum = 0;
  for (let i = 0; i < columns; i++) {
    const difference = a[fromA + i]! - b[fromB + i]!;
    sum += difference * difference;
  }
  return sum;
}
