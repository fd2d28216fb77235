import type { FrameInfo, Manifest, ModelFile, OnnxGraph, OnnxValue } from "../../nodes/lib/index.ts";
import { library } from "./library.ts";

/** A model of the size that people bring, with weights by chance: what it says means nothing, what it costs does. */
export interface BenchModel {
  title: string;
  file: ModelFile;
  /** Of one frame, without the batch. */
  shape: number[];
  input: string;
  /** The output that edge-infer asks for. */
  output: string;
}

/** mulberry32: the same weights each time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Weights = (g: OnnxGraph, ...shape: number[]) => OnnxValue;

/** Small weights around zero, as a network's are after training. */
function weights(seed: number): Weights {
  const next = chance(seed);
  return (g, ...shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const scale = Math.sqrt(2 / (length / shape[0]!));
    return g.tensor(
      shape,
      Float32Array.from({ length }, () => (next() - 0.5) * scale),
    );
  };
}

function dense(g: OnnxGraph, w: Weights, x: OnnxValue, from: number, to: number): OnnxValue {
  return g.op("Gemm", [x, w(g, from, to), w(g, to)]);
}

/** 32-16-2. */
function mlp(): BenchModel {
  const g = new library.OnnxGraph("mlp");
  const w = weights(1);
  const hidden = g.op("Relu", [dense(g, w, g.input("x", ["N", 32]), 32, 16)]);
  g.output("probabilities", g.op("Softmax", [dense(g, w, hidden, 16, 2)], { axis: 1 }), ["N", 2]);
  return model("MLP 32-16-2", g, [32], {
    task: "class",
    labels: ["a", "b"],
    outputs: { probabilities: "probabilities" },
  });
}

/** 100 trees of 63 questions each on 24 features. */
function forest(): BenchModel {
  const [TREES, DEPTH, FEATURES] = [100, 6, 24];
  const next = chance(2);
  const g = new library.OnnxGraph("forest");
  const nodes: { tree: number; id: number; leaf: boolean }[] = [];
  for (let tree = 0; tree < TREES; tree++) {
    for (let id = 0; id < 2 ** (DEPTH + 1) - 1; id++) nodes.push({ tree, id, leaf: id >= 2 ** DEPTH - 1 });
  }
  const leaves = nodes.filter(({ leaf }) => leaf);
  const votes = leaves.flatMap(({ tree, id }) => {
    const vote = next() / TREES;
    return [
      { tree, id, sort: 0, vote },
      { tree, id, sort: 1, vote: 1 / TREES - vote },
    ];
  });
  const [label, probabilities] = g.ops("ai.onnx.ml.TreeEnsembleClassifier", [g.input("x", ["N", FEATURES])], 2, {
    classlabels_int64s: [0, 1],
    class_treeids: votes.map(({ tree }) => tree),
    class_nodeids: votes.map(({ id }) => id),
    class_ids: votes.map(({ sort }) => sort),
    class_weights: Float32Array.from(votes, ({ vote }) => vote),
    nodes_treeids: nodes.map(({ tree }) => tree),
    nodes_nodeids: nodes.map(({ id }) => id),
    nodes_featureids: nodes.map(({ leaf }) => (leaf ? 0 : Math.floor(next() * FEATURES))),
    nodes_values: Float32Array.from(nodes, ({ leaf }) => (leaf ? 0 : next() * 2 - 1)),
    nodes_modes: nodes.map(({ leaf }) => (leaf ? "LEAF" : "BRANCH_LEQ")),
    nodes_truenodeids: nodes.map(({ id, leaf }) => (leaf ? 0 : 2 * id + 1)),
    nodes_falsenodeids: nodes.map(({ id, leaf }) => (leaf ? 0 : 2 * id + 2)),
    nodes_missing_value_tracks_true: nodes.map(() => 0),
    nodes_hitrates: Float32Array.from(nodes, () => 1),
    post_transform: "NONE",
  });
  g.output("label", label!, ["N"], "int64");
  g.output("probabilities", probabilities!, ["N", 2]);
  return model("forest of 100 trees", g, [FEATURES], {
    task: "class",
    labels: ["0", "1"],
    outputs: { probabilities: "probabilities" },
  });
}

/** DS-CNN as MLPerf Tiny's for keywords: 49 × 10 MFCC, four separable blocks of 64 channels, 12 words. */
function keywords(): BenchModel {
  const g = new library.OnnxGraph("keywords");
  const w = weights(3);
  const C = 64;
  let x = g.op("Unsqueeze", [g.input("x", ["N", 49, 10]), g.ints([1])]);
  const conv = (kernel: number[], from: number, options: object = {}) => {
    const attributes = { kernel_shape: kernel, auto_pad: "SAME_UPPER", ...options };
    x = g.op("Relu", [g.op("Conv", [x, w(g, C, from, ...kernel), w(g, C)], attributes)]);
  };
  conv([10, 4], 1, { strides: [2, 2] });
  for (let block = 0; block < 4; block++) {
    conv([3, 3], 1, { group: C });
    conv([1, 1], C);
  }
  const flat = g.op("Flatten", [g.op("GlobalAveragePool", [x])], { axis: 1 });
  g.output("probabilities", g.op("Softmax", [dense(g, w, flat, C, 12)], { axis: 1 }), ["N", 12]);
  return model("keyword CNN 49 × 10", g, [49, 10], {
    task: "class",
    labels: Array.from({ length: 12 }, (_, i) => `word ${i}`),
    outputs: { probabilities: "probabilities" },
  });
}

/** 640-128-8-128-640, as MLPerf Tiny's for anomalies; its score is the mean squared difference. */
function autoencoder(): BenchModel {
  const g = new library.OnnxGraph("autoencoder");
  const w = weights(4);
  const x = g.input("x", ["N", 640]);
  let y = x;
  const sizes = [640, 128, 8, 128, 640];
  for (let i = 1; i < sizes.length; i++) {
    y = dense(g, w, y, sizes[i - 1]!, sizes[i]!);
    if (i < sizes.length - 1) y = g.op("Relu", [y]);
  }
  const difference = g.op("Sub", [x, y]);
  const score = g.op("ReduceMean", [g.op("Mul", [difference, difference])], { axes: [1], keepdims: 0 });
  g.output("score", score, ["N"]);
  return model("autoencoder 640", g, [640], {
    task: "anomaly",
    outputs: { score: "score" },
    threshold: {
      value: 10,
      falseAlarmsPerDay: 1,
      framesPerDay: 1440,
      method: "quantile",
      holdOut: { frames: 100, exceedances: 1 },
    },
  });
}

/** Some tens of milliseconds for one number: products of large matrices. */
export function slow(): BenchModel {
  const g = new library.OnnxGraph("slow");
  const x = g.input("x", ["N", 4]);
  const score = g.op("ReduceSum", [x, g.ints([1])], { keepdims: 0 });
  const zero = g.op("Mul", [g.op("ReduceMean", [x], { keepdims: 0 }), g.scalar(0)]);
  let matrix = g.op("Expand", [zero, g.ints([1150, 1150])]);
  for (let i = 0; i < 2; i++) matrix = g.op("MatMul", [matrix, matrix]);
  g.output("score", g.op("Add", [score, g.op("ReduceMean", [matrix], { keepdims: 0 })]), ["N"]);
  const { threshold } = autoencoder().file.manifest!;
  return model("slow", g, [4], { task: "anomaly", outputs: { score: "score" }, threshold: threshold! });
}

const WINDOW = { by: "samples", size: 64, hop: 64, channels: ["c"], gap: { policy: "mark", limit: 0 } } as const;
const RECIPE = deepFreeze({ version: 1, window: WINDOW, features: [{ block: "raw", version: 1, options: {} }] });

function model(
  title: string,
  graph: OnnxGraph,
  shape: number[],
  about: Pick<Manifest, "task" | "outputs"> & Partial<Manifest>,
): BenchModel {
  const names = namesOf(shape);
  const manifest = {
    format: 1,
    name: graph.name,
    version: "1",
    created: "2026-01-01T00:00:00.000Z",
    input: { name: "x", shape: [null, ...shape], names, channels: names.map(() => null), recipe: RECIPE },
    training: {
      method: "chance",
      options: {},
      frames: 1,
      start: 0,
      end: 1,
      streams: [""],
      features: [],
      holdOut: { share: 0.2, frames: 1, learned: 1, start: 0, end: 1, metrics: {} },
      warnings: [],
    },
    madeBy: { name: "bench", version: "1" },
    ...about,
  } as unknown as Manifest;
  const bytes = library.writeBundle(graph, manifest);
  const output = about.outputs.score ?? about.outputs.probabilities!;
  return { title, file: { name: graph.name, version: "1", sha256: "0", bytes, manifest }, shape, input: "x", output };
}

/** The same texts in every frame, as a plan of features gives them. */
const NAMES = Array.from({ length: 640 }, (_, i) => `x${i}`);
const namesOf = (shape: readonly number[]) => NAMES.slice(0, shape.at(-1));

/** The i-th of endlessly many different frames for it, of 100 streams. */
export function frameFor({ shape }: BenchModel, i: number): { data: Float32Array; info: FrameInfo } {
  const length = shape.reduce((product, size) => product * size, 1);
  const info = {
    kind: "features",
    shape,
    names: namesOf(shape),
    stream: `s${i % 100}`,
    seq: Math.floor(i / 100),
    start: i,
    end: i,
    quality: { ok: true, reasons: [], missing: 0, filled: 0 },
    recipe: RECIPE,
  } as unknown as FrameInfo;
  return { data: Float32Array.from({ length }, (_, j) => Math.sin(i * 12.9898 + j * 78.233)), info };
}

export const models = (): BenchModel[] => [mlp(), forest(), keywords(), autoencoder()];

/** As a recipe is that comes from our own nodes. */
function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
