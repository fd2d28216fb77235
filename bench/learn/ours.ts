import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Onnx from "onnxruntime-node";
import type { Learner, LearnTask } from "../../nodes/lib/index.ts";
import type { FittedModel } from "../../nodes/lib/learn/learners/index.ts";
import type * as Randoms from "../../nodes/lib/learn/math/random.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import { library } from "../lib/library.ts";
import { type Data, FEATURES, HELD_OUT, ROWS } from "./data.ts";

const require = createRequire(import.meta.url);
const onnx = require("onnxruntime-node") as typeof Onnx;
const { seeded } = require(join(ROOT, "dist/lib/learn/math/random.js")) as typeof Randoms;

/** The output of each task that answers a row: a score, the probabilities of two classes, or a value. */
const OUTPUT = { anomaly: "score", class: "probabilities", value: "values" } as const;

/** One training, as the worker does it. */
export async function trainOurs(
  learner: Learner,
  { x, y }: Data,
  options: Record<string, unknown>,
  seed: number,
): Promise<FittedModel> {
  const matrix = { rows: ROWS, columns: FEATURES, data: x };
  const context = { random: seeded(seed), progress: () => undefined };
  if (learner.task === "anomaly") return learner.fit(matrix, options, context);
  if (learner.task === "class") return learner.fit(matrix, { classes: y as Int32Array, count: 2 }, options, context);
  return learner.fit(matrix, { values: y as Float64Array }, options, context);
}

/** A model as edge-infer runs it: the bytes of its graph in ONNX Runtime, one thread. */
export class Scoring {
  readonly bytes: number;
  readonly #session: Onnx.InferenceSession;
  readonly #rows: Onnx.Tensor[];
  readonly #task: LearnTask;
  readonly #test: Float32Array;

  static async of(model: FittedModel, { task, test }: Data): Promise<Scoring> {
    const bytes = library.encodeModel(model.graph(), { producerName: "bench", producerVersion: "1" });
    const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
    return new Scoring(bytes.length, await onnx.InferenceSession.create(bytes, threads), task, test);
  }

  private constructor(bytes: number, session: Onnx.InferenceSession, task: LearnTask, test: Float32Array) {
    this.bytes = bytes;
    this.#session = session;
    this.#task = task;
    this.#test = test;
    this.#rows = Array.from(
      { length: HELD_OUT },
      (_, row) => new onnx.Tensor("float32", test.slice(row * FEATURES, (row + 1) * FEATURES), [1, FEATURES]),
    );
  }

  /** Rows one by one, all outputs: of an anomaly model with its contributions. */
  async run(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.#session.run({ features: this.#rows[i % HELD_OUT]! });
  }

  /** For the rows held out: scores, probabilities of class 1, or values. */
  async answers(): Promise<number[]> {
    const features = new onnx.Tensor("float32", this.#test, [HELD_OUT, FEATURES]);
    const output = await this.#session.run({ features });
    const all = Array.from(output[OUTPUT[this.#task]]!.data as Float32Array);
    return this.#task === "class" ? all.filter((_, i) => i % 2 === 1) : all;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
