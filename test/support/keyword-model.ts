/** A small keyword network of random weights: probabilities, the layer in front of them, and a background. */

import type { ModelFile } from "../../nodes/lib/infer/index.ts";
import { encodeModel, type Manifest, OnnxGraph, setMetadata, withManifest } from "../../nodes/lib/model/index.ts";
import { manifest, modelFile } from "./infer-models.ts";

export const LABELS = ["hello", "stop", "none"];
export const DIMENSIONS = 5;

/** Embedding = tanh(x · W) of the four features of infer-models.ts. */
export function keywordGraph(seed = 1): OnnxGraph {
  const g = new OnnxGraph("keywords");
  const x = g.input("features", ["N", 4]);
  const random = generator(seed);
  const weights = (rows: number, columns: number) =>
    g.tensor(
      [rows, columns],
      Float32Array.from({ length: rows * columns }, () => random()),
    );
  const embedding = g.op("Tanh", [g.op("MatMul", [x, weights(4, DIMENSIONS)])]);
  g.output("embedding", embedding, ["N", DIMENSIONS]);
  const logits = g.op("MatMul", [embedding, weights(DIMENSIONS, LABELS.length)]);
  g.output("probabilities", g.op("Softmax", [logits], { axis: 1 }), ["N", LABELS.length]);
  return g;
}

export function keywordManifest(version = "1", overrides: Partial<Manifest> = {}): Manifest {
  const { threshold: _, ...own } = manifest(version);
  return {
    ...own,
    name: "keywords",
    task: "class",
    labels: LABELS,
    outputs: { probabilities: "probabilities", embedding: "embedding" },
    ...overrides,
  };
}

/** @param background the JSON text of its background; none without it */
export function keywordBytes(own: Manifest, background?: string, seed = 1): Uint8Array {
  const bytes = withManifest(encodeModel(keywordGraph(seed), { producerName: "test", producerVersion: "1" }), own);
  return background === undefined ? bytes : setMetadata(bytes, "edge_ml.background", background);
}

export function keywordFile(own = keywordManifest(), background?: string, seed = 1): ModelFile {
  return { ...modelFile(keywordBytes(own, background, seed), own.version, own), name: own.name };
}

/** Rows that count up from −128: what comes out is known. */
export function background(rows = 3, columns = DIMENSIONS): Record<string, unknown> {
  const bytes = Int8Array.from({ length: rows * columns }, (_, i) => (i % 256) - 128);
  return {
    label: "none",
    rows,
    columns,
    scale: Array.from({ length: columns }, (_, c) => (c + 1) / 128),
    data: Buffer.from(bytes.buffer).toString("base64"),
  };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 1073741824 - 1;
  };
}
