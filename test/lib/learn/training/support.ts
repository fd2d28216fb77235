import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import type { TrainingRequest } from "../../../../nodes/lib/learn/training/request.ts";

export interface RequestChange extends Partial<Omit<TrainingRequest, "frames">> {
  /** ms from one frame to the next; frames follow each other without overlap. */
  step?: number;
  /** Of each row. */
  labels?: readonly (string | undefined)[];
  /** Of each row. */
  streams?: readonly string[];
}

/** A request for frames that come in a row. */
export function request(
  { rows, columns, data }: Matrix,
  { step = 60_000, labels = [], streams = [], ...change }: RequestChange = {},
): TrainingRequest {
  const names = Array.from({ length: columns }, (_, i) => `c${i} mean`);
  const known = [...new Set(labels.filter((label) => label !== undefined))];
  const sources = streams.length > 0 ? [...new Set(streams)] : ["ahu"];
  return {
    model: "ahu-1",
    task: "anomaly",
    method: "pca",
    options: {},
    holdOut: 0.25,
    holdOutBy: "time",
    folds: 0,
    limits: { seconds: 600, megabytes: 1024 },
    falseAlarmsPerDay: 20,
    names,
    channels: names.map((_, i) => `c${i}`),
    recipe: { version: 1 },
    frames: {
      rows,
      columns,
      data: Float32Array.from(data),
      start: Float64Array.from({ length: rows }, (_, i) => 1.7e12 + i * step),
      end: Float64Array.from({ length: rows }, (_, i) => 1.7e12 + (i + 1) * step - 1),
      stream: Int32Array.from({ length: rows }, (_, i) => Math.max(0, sources.indexOf(streams[i] ?? "ahu"))),
      streams: sources,
      label: Int32Array.from({ length: rows }, (_, i) => (labels[i] === undefined ? -1 : known.indexOf(labels[i]))),
      labels: known,
      stride: 1,
    },
    seed: 1,
    madeBy: { name: "test", version: "1" },
    ...change,
  };
}
