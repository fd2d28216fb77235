import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import {
  type ClassTarget,
  chooseLearner,
  type FitContext,
  type FittedAnomaly,
  type FittedClassifier,
  type FittedModel,
  type FittedRegressor,
} from "../../../nodes/lib/learn/learners/index.ts";
import type { Matrix } from "../../../nodes/lib/learn/math/matrix.ts";
import { seeded } from "../../../nodes/lib/learn/math/random.ts";
import { encodeModel } from "../../../nodes/lib/model/index.ts";

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, "../../golden/learn", `${name}.json`), "utf8")) as T;
}

export function matrix(rows: number, columns: number, data: ArrayLike<number>): Matrix {
  return { rows, columns, data: Float32Array.from(data) };
}

/** Normally distributed numbers from a seed (Box & Muller). */
export function gaussian(seed: number): () => number {
  const random = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rows of features that `sources` hidden sources drive, with noise. */
export function correlated(seed: number, rows: number, columns: number, sources: number, noise = 0.3): Matrix {
  const normal = gaussian(seed);
  // The mixing is the same for every seed: two seeds are two draws of one distribution.
  const mixing = gaussian(columns * 1000 + sources);
  const weights = Array.from({ length: sources * columns }, mixing);
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const hidden = Array.from({ length: sources }, normal);
    for (let i = 0; i < columns; i++) {
      let value = noise * normal();
      for (let s = 0; s < sources; s++) value += hidden[s]! * weights[s * columns + i]!;
      data[row * columns + i] = value;
    }
  }
  return { rows, columns, data };
}

const context = (seed: number): FitContext => ({ random: seeded(seed), progress: () => undefined });

/** Fits an anomaly learner of the registry. */
export async function fitAnomaly(id: string, rows: Matrix, options: object = {}, seed = 1): Promise<FittedAnomaly> {
  const chosen = chooseLearner("anomaly", id, options);
  return chosen.learner.fit(rows, chosen.options, context(seed));
}

/** Fits a classifier of the registry. */
export async function fitClasses(
  id: string,
  rows: Matrix,
  target: ClassTarget,
  options: object = {},
  seed = 1,
): Promise<FittedClassifier> {
  const chosen = chooseLearner("class", id, options);
  return chosen.learner.fit(rows, target, chosen.options, context(seed));
}

/** Fits a learner of values of the registry. */
export async function fitValues(
  id: string,
  rows: Matrix,
  values: Float64Array,
  options: object = {},
  seed = 1,
): Promise<FittedRegressor> {
  const chosen = chooseLearner("value", id, options);
  return chosen.learner.fit(rows, { values }, chosen.options, context(seed));
}

/** The outputs of a model, by their names: those of its task are there. */
export type Outputs = Record<"score" | "contributions" | "probabilities" | "values", number[]>;

/** What ONNX Runtime makes of the rows. */
export async function runBytes(bytes: Uint8Array, rows: Matrix): Promise<Outputs> {
  const session = await InferenceSession.create(bytes);
  const features = new Tensor("float32", Float32Array.from(rows.data), [rows.rows, rows.columns]);
  const output = await session.run({ features });
  await session.release();
  return Object.fromEntries(
    Object.entries(output).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
  ) as Outputs;
}

export function runGraph(fitted: FittedModel, rows: Matrix): Promise<Outputs> {
  return runBytes(encodeModel(fitted.graph(), { producerName: "test", producerVersion: "1" }), rows);
}

export function rowOf({ data, columns }: Matrix, row: number): Float32Array {
  return Float32Array.from(data.subarray(row * columns, (row + 1) * columns));
}

/** The largest difference between ONNX and TypeScript, relative to the larger of the value and `unit`. */
export async function worstDifference(fitted: FittedAnomaly, rows: Matrix, unit = 1e-3): Promise<number> {
  const { score, contributions } = await runGraph(fitted, rows);
  let worst = 0;
  const compare = (got: number, expected: number, least: number) => {
    if (!Number.isFinite(got)) worst = Number.POSITIVE_INFINITY;
    worst = Math.max(worst, Math.abs(got - expected) / Math.max(Math.abs(expected), least));
  };
  for (let row = 0; row < rows.rows; row++) {
    const expected = fitted.predict(rowOf(rows, row));
    compare(score[row]!, expected.score, unit);
    // A part is compared with the whole: it may be next to nothing.
    const whole = Math.max(Math.abs(expected.score), unit);
    expected.contributions?.forEach((part, i) => {
      compare(contributions[row * rows.columns + i]!, part, whole);
    });
  }
  return worst;
}

/** The largest difference between the probabilities of ONNX and TypeScript. */
export async function worstOfClasses(fitted: FittedClassifier, rows: Matrix, count: number): Promise<number> {
  const { probabilities } = await runGraph(fitted, rows);
  let worst = probabilities.length === rows.rows * count ? 0 : Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows.rows; row++) {
    fitted.predict(rowOf(rows, row)).forEach((expected, c) => {
      const difference = Math.abs(probabilities[row * count + c]! - expected);
      worst = Number.isFinite(difference) ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
    });
  }
  return worst;
}

/** The largest difference between the values of ONNX and TypeScript, as a share of the largest value. */
export async function worstOfValues(fitted: FittedRegressor, rows: Matrix): Promise<number> {
  const { values } = await runGraph(fitted, rows);
  const expected = Array.from({ length: rows.rows }, (_, row) => fitted.predict(rowOf(rows, row)));
  const unit = Math.max(1, ...expected.map(Math.abs));
  return Math.max(
    ...expected.map((value, row) => {
      const difference = Math.abs(values[row]! - value) / unit;
      return Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
    }),
  );
}
