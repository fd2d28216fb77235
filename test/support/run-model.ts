/** Runs frames through a model file, as the node does. */
import type { FrameInfo, Result, UnscoredResult } from "../../nodes/lib/frame/index.ts";
import { Inference, type LoadOptions, loadModel, type ModelFile } from "../../nodes/lib/infer/index.ts";
import { featureInfo, modelFile, TS_WORKER } from "./infer-models.ts";
import type { Msg } from "./runtime.ts";

export type Scored = Exclude<Result, UnscoredResult>;

/** A model, and how its node is set. */
export interface RunModel extends LoadOptions {
  model: Uint8Array | ModelFile;
}

/**
 * The results of frames, asked for at once, as JSON brings them over.
 * @param rows one list of numbers per frame, or one matrix: then frames are windows of [samples, channels]
 */
export async function runModel(
  { model, ...options }: RunModel,
  rows: number[][] | number[][][],
  message?: Msg,
): Promise<Scored[]> {
  const inference = new Inference({ limit: 1000, policy: "refuse" });
  const file = model instanceof Uint8Array ? modelFile(model) : model;
  try {
    inference.use(await loadModel(file, { worker: TS_WORKER, maxProcessMs: 60_000, ...options }));
    const outcomes = await Promise.all(
      rows.map((row) => inference.infer({ data: Float32Array.from(row.flat()), info: infoOf(row) }, message)),
    );
    return JSON.parse(JSON.stringify(outcomes.map((outcome) => outcome!.result)));
  } finally {
    await inference.close();
  }
}

function infoOf(row: number[] | number[][]): FrameInfo {
  const columns = Array.isArray(row[0]) ? row[0].length : row.length;
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  return Array.isArray(row[0])
    ? featureInfo({ kind: "window", shape: [row.length, columns], names })
    : featureInfo({ shape: [columns], names });
}
