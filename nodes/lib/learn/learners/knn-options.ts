export interface KnnOptions {
  /** k */
  neighbours: number;
  /** Training rows that the model keeps, at most. */
  references: number;
}

/** Options that all learners of neighbours share. */
export const neighbourOptions = {
  neighbours: { type: "integer", minimum: 1, maximum: 50, default: 5, title: "Neighbours" },
  references: {
    type: "integer",
    minimum: 50,
    maximum: 5000,
    default: 2000,
    title: "Frames to keep, at most",
    description: "They are the model: more of them are more exact, larger and slower. Never more than 4 MB.",
  },
};

export const weightedOption = { type: "boolean", default: true, title: "Near neighbours count more (1 / distance)" };

/** Numbers in the reference: 4 MB of a bundle. */
const MOST_NUMBERS = 1_000_000;

/** How many rows a model may keep. */
export function mostReferences(references: number, columns: number): number {
  return Math.min(references, Math.max(50, Math.floor(MOST_NUMBERS / columns)));
}

/** Some rows, rounded to float32. */
export function rowsOf(data: Float64Array, columns: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return out;
}
