import type { Random } from "../math/random.js";

/**
 * Which rows a model of neighbours keeps: all, when there are few enough, else those that k-means++ draws (Arthur &
 * Vassilvitskii 2007): each next one with a probability in proportion to its squared distance to the nearest one that is
 * kept. So states that come seldom are kept as well as frequent ones; of rows that are all alike one is kept.
 * O(kept × rows × columns)
 * @param data row-major [rows, columns], standardised
 * @returns ascending indices, at most `most`
 */
export function referenceRows(
  data: Float64Array,
  columns: number,
  most: number,
  random: Random,
  progress: (share: number) => void,
): Int32Array {
  const rows = data.length / columns;
  if (rows <= most) return Int32Array.from({ length: rows }, (_, row) => row);
  const squares = new Float64Array(rows).fill(1);
  const kept: number[] = [];
  while (kept.length < most) {
    const row = draw(squares, random);
    // Every row equals one that is kept.
    if (row < 0) break;
    if (kept.length === 0) squares.fill(Number.POSITIVE_INFINITY);
    kept.push(row);
    bring(squares, data, columns, row);
    progress(kept.length / most);
  }
  return Int32Array.from(kept).sort();
}

/** Brings the squared distances to the nearest kept row up to date. */
function bring(squares: Float64Array, data: Float64Array, columns: number, kept: number): void {
  const own = data.slice(kept * columns, (kept + 1) * columns);
  for (let row = 0, from = 0; row < squares.length; row++, from += columns) {
    const limit = squares[row]!;
    let sum = 0;
    // Most rows are soon known to be farther away than from another one.
    for (let i = 0; i < columns && sum < limit; i++) {
      const difference = data[from + i]! - own[i]!;
      sum += difference * difference;
    }
    if (sum < limit) squares[row] = sum;
  }
}

/** A row drawn by its weight, −1 when all weights are 0. */
function draw(weights: Float64Array, random: Random): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let left = random() * total;
  let pick = -1;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    pick = row;
    left -= weights[row]!;
    if (left <= 0) break;
  }
  return pick;
}
