import { rocAuc } from "../../evaluate/index.js";

/** A class against all others; null where there is nothing to divide by. */
export interface ClassRates {
  precision: number | null;
  recall: number | null;
  /** Harmonic mean of the two: 2 TP / (2 TP + FP + FN). */
  f1: number | null;
  /** Area under the ROC curve, one against the rest. */
  auc: number | null;
}

export interface ClassMetrics {
  /** [truth][said] */
  confusion: number[][];
  perClass: ClassRates[];
  accuracy: number;
  /** Mean recall of the classes that there are frames of. */
  balancedAccuracy: number;
  /** Standard error of the balanced accuracy: frames taken as independent. */
  balancedError: number;
  /** Mean over the classes that there are frames of. */
  macroF1: number;
  /** Mean of −ln p(truth), p at least 1e-15 as float64 and float32 can tell it from 0. */
  logLoss: number;
  /** Mean over the classes that have one. */
  auc: number | null;
}

const LEAST_PROBABILITY = 1e-15;

/** What each row adds to the balanced accuracy: nothing where another class than its own is the most probable, [rows]. */
export function recallParts(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  count: number,
): Float64Array<ArrayBuffer> {
  const sizes = new Int32Array(count);
  for (let row = 0; row < truth.length; row++) sizes[truth[row]!]!++;
  const there = sizes.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0);
  return Float64Array.from({ length: truth.length }, (_, row) =>
    mostProbable(probabilities, row, count) === truth[row] ? 1 / (there * sizes[truth[row]!]!) : 0,
  );
}

/**
 * What probabilities are worth against the truth.
 * @param probabilities row-major [rows, count]
 * @param truth a class of each row
 */
export function classMetrics(probabilities: ArrayLike<number>, truth: ArrayLike<number>, count: number): ClassMetrics {
  const rows = truth.length;
  const confusion = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  let logLoss = 0;
  for (let row = 0; row < rows; row++) {
    confusion[truth[row]!]![mostProbable(probabilities, row, count)]!++;
    logLoss -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[row * count + truth[row]!]!)) / rows;
  }
  const perClass = confusion.map((of, c) => {
    const right = of[c]!;
    const actual = of.reduce((sum, each) => sum + each, 0);
    const said = confusion.reduce((sum, each) => sum + each[c]!, 0);
    return {
      precision: said > 0 ? right / said : null,
      recall: actual > 0 ? right / actual : null,
      f1: actual + said > 0 ? (2 * right) / (actual + said) : null,
      auc: actual > 0 && actual < rows ? aucOf(probabilities, truth, c, count) : null,
    };
  });
  const sizes = confusion.map((of) => of.reduce((sum, each) => sum + each, 0));
  const there = perClass.filter((_, c) => sizes[c]! > 0);
  const variance = there.reduce((sum, { recall }, i) => {
    const size = sizes.filter((each) => each > 0)[i]!;
    // Agresti & Coull's centre: a recall of 1 over five frames is not without error.
    const p = (recall! * size + 2) / (size + 4);
    return sum + (p * (1 - p)) / (size + 4);
  }, 0);
  return {
    confusion,
    perClass,
    accuracy: confusion.reduce((sum, of, c) => sum + of[c]!, 0) / rows,
    balancedAccuracy: mean(there.map(({ recall }) => recall!)) ?? 0,
    balancedError: Math.sqrt(variance) / Math.max(1, there.length),
    macroF1: mean(there.map(({ f1 }) => f1!)) ?? 0,
    logLoss,
    auc: mean(perClass.map(({ auc }) => auc).filter((auc) => auc !== null)),
  };
}

/** The first of the most probable classes, as edge-infer takes it. */
export function mostProbable(probabilities: ArrayLike<number>, row: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) {
    if (probabilities[row * count + c]! > probabilities[row * count + best]!) best = c;
  }
  return best;
}

function aucOf(probabilities: ArrayLike<number>, truth: ArrayLike<number>, c: number, count: number): number {
  const scores = Float64Array.from({ length: truth.length }, (_, row) => probabilities[row * count + c]!);
  return rocAuc(
    scores,
    Array.from(truth, (each) => each === c),
  );
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
