/** Small models for the tests of what runs them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FrameInfo } from "../../nodes/lib/frame/index.ts";
import type { ModelFile } from "../../nodes/lib/infer/index.ts";
import { encodeModel, type Manifest, OnnxGraph, type OnnxValue, writeBundle } from "../../nodes/lib/model/index.ts";
import { ROOT } from "./runtime.ts";

/** Two statistics of two channels. */
export const NAMES = ["a mean", "a maximum", "b mean", "b maximum"];
export const CHANNELS = ["a", "a", "b", "b"];

export const RECIPE = {
  version: 1 as const,
  window: { by: "samples" as const, size: 4, hop: 2, channels: ["a", "b"], gap: { policy: "mark" as const, limit: 0 } },
  features: [{ block: "flatten", version: 1, options: { scale: 1, statistics: ["average", "maximum"] } }],
};

/** The worker's code as TypeScript, for tests that run on the sources. */
export const TS_WORKER = { file: join(ROOT, "test/support/runner-worker.cjs") };

export function manifest(version = "1", overrides: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    name: "ahu",
    version,
    created: "2026-01-01T00:00:00.000Z",
    task: "anomaly",
    input: { name: "features", shape: [null, 4], names: NAMES, channels: CHANNELS, recipe: RECIPE },
    outputs: { score: "score", contributions: "contributions" },
    threshold: {
      value: 10,
      falseAlarmsPerDay: 1,
      framesPerDay: 1440,
      method: "quantile",
      holdOut: { frames: 100, exceedances: 1 },
    },
    training: {
      method: "test",
      options: {},
      frames: 1000,
      start: 0,
      end: 1,
      streams: [""],
      features: NAMES.map((name, i) => ({ name, mean: i + 1, std: 1 })),
      holdOut: { share: 0.2, frames: 200, learned: 800, start: 0, end: 1, metrics: {} },
      warnings: [],
    },
    madeBy: { name: "test", version: "1" },
    ...overrides,
  };
}

export function modelFile(bytes: Uint8Array, version = "1", manifest?: Manifest): ModelFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { name: "ahu", version, bytes, sha256, ...(manifest ? { manifest } : {}) };
}

/** Score = sum of squares of the features (times `factor`); contributions = the squares. */
export function squares(options: { factor?: number; batch?: number | string; slow?: boolean } = {}): OnnxGraph {
  const { factor = 1, batch = "N", slow = false } = options;
  const g = new OnnxGraph("squares");
  const x = g.input("features", [batch, 4]);
  const parts = g.op("Mul", [g.op("Mul", [x, x]), g.scalar(factor)]);
  const score = g.op("ReduceSum", [parts, g.ints([1])], { keepdims: 0 });
  g.output("score", slow ? g.op("Add", [score, slowZero(g, x)]) : score, [batch]);
  g.output("contributions", parts, [batch, 4]);
  return g;
}

/** Zero, after some milliseconds: products of large matrices that depend on the input. */
function slowZero(g: OnnxGraph, x: OnnxValue): OnnxValue {
  const zero = g.op("Mul", [g.op("ReduceMean", [x], { keepdims: 0 }), g.scalar(0)]);
  let matrix = g.op("Expand", [zero, g.ints([500, 500])]);
  for (let i = 0; i < 3; i++) matrix = g.op("MatMul", [matrix, matrix]);
  return g.op("ReduceMean", [matrix], { keepdims: 0 });
}

/** Score = log of the first feature: NaN below zero, minus infinity at zero. */
export function logarithm(): OnnxGraph {
  const g = new OnnxGraph("logarithm");
  const x = g.input("features", ["N", 4]);
  // Offset 5: fine on zeros and on the mean, which the trial looks at.
  const score = g.op("Log", [g.op("Add", [g.op("ReduceSum", [x, g.ints([1])], { keepdims: 0 }), g.scalar(5)])]);
  g.output("score", score, ["N"]);
  g.output("contributions", g.op("Mul", [x, x]), ["N", 4]);
  return g;
}

/** Probabilities: softmax of the first three features. */
export function softmax(): OnnxGraph {
  const g = new OnnxGraph("softmax");
  const x = g.input("features", ["N", 4]);
  const three = g.op("Slice", [x, g.ints([0]), g.ints([3]), g.ints([1])]);
  g.output("probabilities", g.op("Softmax", [three], { axis: 1 }), ["N", 3]);
  g.output("label", g.op("ArgMax", [three], { axis: 1, keepdims: 0 }), ["N"], "int64");
  return g;
}

/** A model file whose manifest says the same as its graph. */
export function anomalyModel(version = "1", options: Parameters<typeof squares>[0] = {}): ModelFile {
  const own = manifest(version);
  return modelFile(writeBundle(squares(options), own), version, own);
}

export function bundle(graph: OnnxGraph, own: Manifest): ModelFile {
  return modelFile(writeBundle(graph, own), own.version, own);
}

/** A model without a manifest. */
export function foreign(graph: OnnxGraph): ModelFile {
  return modelFile(encodeModel(graph, { producerName: "elsewhere", producerVersion: "1" }));
}

/** A frame that the models above take. */
export function featureInfo(overrides: Partial<FrameInfo> = {}): FrameInfo {
  return {
    kind: "features",
    shape: [4],
    names: [...NAMES],
    stream: "",
    seq: 0,
    start: 0,
    end: 1000,
    quality: { ok: true, reasons: [], missing: 0, filled: 0 },
    recipe: structuredClone(RECIPE),
    ...overrides,
  };
}
