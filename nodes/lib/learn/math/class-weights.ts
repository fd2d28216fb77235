/** A class may count at most so many times as much as it would by its rows: a handful of rows must not decide alone. */
const MAX_WEIGHT = 100;

/**
 * The weight of each row. Balanced: rows of rare classes count more, so that every class counts the same,
 * rows / (classes × rows of the class); else 1.
 * @param classes index of the class of each row
 */
export function rowWeights(classes: Int32Array, count: number, balanced: boolean): Float64Array {
  if (!balanced) return new Float64Array(classes.length).fill(1);
  const members = new Float64Array(count);
  for (const index of classes) members[index]!++;
  return Float64Array.from(classes, (index) => Math.min(MAX_WEIGHT, classes.length / (count * members[index]!)));
}
