import type { ManifestCalibration } from "../../model/index.js";
import { mostProbable } from "./class-metrics.js";

/** A probability below this is taken as this: the logarithm of 0 has no temperature. */
export const LEAST_PROBABILITY = 1e-6;

/** Temperatures beyond these say that the model is no good, not that it needs calibration. */
const RANGE = [0.05, 20] as const;

/** The bins of Guo et al. */
const BINS = 15;

/** Fewer frames than this do not tell a temperature from chance. */
const MIN_FRAMES = 20;

/** Probabilities, row-major [rows, count], with the class of each row. */
export interface Predictions {
  probabilities: Float32Array;
  truth: Int32Array;
  count: number;
}

/** Where the temperature is applied: softmax(ln p / T), float64 [rows, count]. */
export function withTemperature({ probabilities, truth, count }: Predictions, temperature: number): Float64Array {
  const out = new Float64Array(probabilities.length);
  for (let row = 0; row < truth.length; row++) {
    const at = row * count;
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < count; c++) {
      out[at + c] = Math.log(Math.max(LEAST_PROBABILITY, probabilities[at + c]!)) / temperature;
      largest = Math.max(largest, out[at + c]!);
    }
    let sum = 0;
    for (let c = 0; c < count; c++) {
      out[at + c] = Math.exp(out[at + c]! - largest);
      sum += out[at + c]!;
    }
    for (let c = 0; c < count; c++) out[at + c]! /= sum;
  }
  return out;
}

/** The temperature of least log loss, by golden section: the loss is convex in 1 / T (Guo et al., ICML 2017, section 4.2). */
export function fitTemperature(predictions: Predictions): number {
  const loss = (inverse: number) => logLoss(withTemperature(predictions, 1 / inverse), predictions);
  let [low, high] = [1 / RANGE[1], 1 / RANGE[0]];
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [lossA, lossB] = [loss(a), loss(b)];
  while (high - low > 1e-4 * low) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - golden * (high - low);
      lossA = loss(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + golden * (high - low);
      lossB = loss(b);
    }
  }
  return 2 / (low + high);
}

/**
 * Temperature scaling that never makes it worse: it is kept only if, on frames that it was not fitted on, neither the log
 * loss nor the calibration error gets larger.
 * @param judged the hold-out. Without `fitted` the temperature is fitted on it too; what is told is then measured across
 * its two halves, each with the temperature of the other, and the temperature is that of both together.
 * @param fitted predictions of a cross-validation over the training part
 */
export function calibrateProbabilities(judged: Predictions, fitted?: Predictions): ManifestCalibration {
  const plain = Float64Array.from(judged.probabilities);
  const before = { error: calibrationError(plain, judged), loss: logLoss(plain, judged) };
  const on: ManifestCalibration["on"] = fitted ? "cross-validation" : "hold-out";
  const told = (temperature: number, after: typeof before): ManifestCalibration => ({
    temperature,
    on,
    errorBefore: before.error,
    errorAfter: after.error,
    logLossBefore: before.loss,
    logLossAfter: after.loss,
  });
  if (Math.min(judged.truth.length, fitted?.truth.length ?? Number.POSITIVE_INFINITY) < MIN_FRAMES) {
    return told(1, before);
  }
  const temperature = fitTemperature(fitted ?? judged);
  const scaled = fitted ? withTemperature(judged, temperature) : acrossHalves(judged);
  const after = { error: calibrationError(scaled, judged), loss: logLoss(scaled, judged) };
  const better = after.loss < before.loss && after.error <= before.error;
  return better ? told(temperature, after) : told(1, before);
}

/**
 * Expected calibration error: the frames in 15 equal bins of confidence, and the mean over the frames of how far the
 * accuracy of a bin and its mean confidence lie apart (Naeini et al., AAAI 2015).
 */
export function calibrationError(
  probabilities: ArrayLike<number>,
  { truth, count }: Omit<Predictions, "probabilities">,
): number {
  const gaps = new Float64Array(BINS);
  for (let row = 0; row < truth.length; row++) {
    const said = mostProbable(probabilities, row, count);
    const confidence = probabilities[row * count + said]!;
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    gaps[bin]! += confidence - (said === truth[row] ? 1 : 0);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / truth.length;
}

function logLoss(probabilities: ArrayLike<number>, { truth, count }: Omit<Predictions, "probabilities">): number {
  let loss = 0;
  for (let row = 0; row < truth.length; row++) {
    loss -= Math.log(Math.max(LEAST_PROBABILITY, probabilities[row * count + truth[row]!]!));
  }
  return loss / truth.length;
}

/** The earlier and the later half of each class, each scaled by what the other half asks for. */
function acrossHalves(predictions: Predictions): Float64Array {
  const { truth, count } = predictions;
  const sizes = new Int32Array(count);
  for (const c of truth) sizes[c]!++;
  const seen = new Int32Array(count);
  const later = Array.from(truth, (c) => seen[c]!++ >= sizes[c]! / 2);
  const out = new Float64Array(truth.length * count);
  for (const half of [false, true]) {
    const rows = [...later.keys()].filter((row) => later[row] === half);
    const others = [...later.keys()].filter((row) => later[row] !== half);
    if (rows.length === 0) continue;
    const scaled = withTemperature(
      only(predictions, rows),
      others.length > 0 ? fitTemperature(only(predictions, others)) : 1,
    );
    rows.forEach((row, i) => {
      out.set(scaled.subarray(i * count, (i + 1) * count), row * count);
    });
  }
  return out;
}

function only({ probabilities, truth, count }: Predictions, rows: readonly number[]): Predictions {
  const part = new Float32Array(rows.length * count);
  rows.forEach((row, i) => {
    part.set(probabilities.subarray(row * count, (row + 1) * count), i * count);
  });
  return { probabilities: part, truth: Int32Array.from(rows, (row) => truth[row]!), count };
}
