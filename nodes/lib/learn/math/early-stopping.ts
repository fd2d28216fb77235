/** Rows that are learned from, and rows that only tell when to stop. */
export interface EarlyStopping {
  training: Int32Array;
  validation: Int32Array;
}

/** The share of the rows that tells when to stop. */
const SHARE = 0.15;
const LEAST = 5;

/** The newest part: neighbours in time are alike, and would tell nothing of what comes. */
export function timeTail(rows: number): EarlyStopping {
  const validation = Math.min(rows - 1, Math.max(LEAST, Math.round(SHARE * rows)));
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return { training: all.slice(0, rows - validation), validation: all.slice(rows - validation) };
}

/** The newest part of each class, so that no class is missing on either side. */
export function timeTailByClass(classes: Int32Array, count: number): EarlyStopping {
  const byClass: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < classes.length; row++) byClass[classes[row]!]!.push(row);
  const [training, validation]: [number[], number[]] = [[], []];
  for (const rows of byClass) {
    // A class of one row is learned from.
    const held = Math.min(rows.length - 1, Math.max(1, Math.round(SHARE * rows.length)));
    training.push(...rows.slice(0, rows.length - held));
    validation.push(...rows.slice(rows.length - held));
  }
  return { training: Int32Array.from(training), validation: Int32Array.from(validation) };
}
