import { EdgeMlError } from "../../errors/index.js";
import type { ManifestValues } from "../../model/index.js";
import { medianStep } from "../validate/frame-rate.js";
import type { FrameTime } from "../validate/frame-time.js";
import { duration } from "../words.js";
import type { TrainingRequest, ValueSource } from "./request.js";

/** Rows that have a value to learn. */
export interface ValueRows {
  /** In the order in which they came. */
  rows: number[];
  /** Of each of `rows`. */
  values: Float64Array;
  /** Of each of `rows`; it ends with the frame that the value was taken from. */
  times: FrameTime[];
  /** The feature now, of each of `rows`, where what is asked for is the feature later. */
  last?: Float64Array;
  /** What the value is called. */
  name: string;
  source: ManifestValues["source"];
}

/** A step that is longer or shorter than the median step by more than this share is an interruption. */
const STEP_TOLERANCE = 0.5;

/** @throws EdgeMlError EDGE_ML_SETTING, EDGE_ML_LEARN_LABELS */
export function valueRows(request: TrainingRequest): ValueRows {
  const source = request.value ?? { from: "label" };
  return source.from === "label" ? fromLabels(request) : fromLater(request, source);
}

function fromLabels({ frames }: TrainingRequest): ValueRows {
  const numbers = frames.labels.map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  const rows = Array.from(frames.label.keys()).filter((row) => Number.isFinite(numbers[frames.label[row]!]));
  return {
    rows,
    values: Float64Array.from(rows, (row) => numbers[frames.label[row]!]!),
    times: rows.map((row) => timeOf(frames, row)),
    name: "value",
    source: { from: "label" },
  };
}

/**
 * The feature of the frame that comes `ahead` frames later in the same stream, where no frame is missing between the two.
 * Of frames that were thinned out only every n-th is there, so `ahead` has to be a multiple of n.
 */
function fromLater(
  { frames, names }: TrainingRequest,
  { feature, ahead }: Extract<ValueSource, { from: "feature" }>,
): ValueRows {
  const column = names.indexOf(feature);
  if (column < 0) {
    const known = names.slice(0, 5).join(", ") + (names.length > 5 ? ", …" : "");
    throw new EdgeMlError("EDGE_ML_SETTING", { field: "feature", got: `"${feature}"`, expected: `one of ${known}` });
  }
  const { stride, data, columns } = frames;
  if (!Number.isInteger(ahead) || ahead < 1 || ahead % stride !== 0) {
    const expected = stride > 1 ? `a multiple of ${stride}, since one frame in ${stride} was kept` : "1 or more";
    throw new EdgeMlError("EDGE_ML_SETTING", { field: "frames ahead", got: ahead, expected });
  }
  const all = Array.from({ length: frames.rows }, (_, row) => timeOf(frames, row));
  const step = medianStep(all);
  if (step === undefined) {
    throw new EdgeMlError("EDGE_ML_LEARN_LABELS", {
      reason: "the times of the frames do not move on, so nobody knows which frame comes later",
    });
  }
  const later = ahead / stride;
  const target = new Map<number, number>();
  for (const rows of byStream(all)) {
    // Frames in a row without an interruption, up to the one that is looked at.
    let unbroken = 0;
    rows.forEach((row, i) => {
      const before = i > 0 ? all[row]!.start - all[rows[i - 1]!]!.start : Number.NaN;
      unbroken = Math.abs(before - step) <= STEP_TOLERANCE * step ? unbroken + 1 : 0;
      if (unbroken >= later) target.set(rows[i - later]!, row);
    });
  }
  const rows = [...target.keys()].sort((a, b) => a - b);
  const of = (row: number) => data[row * columns + column]!;
  const ms = step * later;
  return {
    rows,
    values: Float64Array.from(rows, (row) => of(target.get(row)!)),
    times: rows.map((row) => ({ ...all[row]!, end: Math.max(all[row]!.end, all[target.get(row)!]!.end) })),
    last: Float64Array.from(rows, of),
    name: `${feature} in ${duration(ms)}`,
    source: { from: "feature", feature, ahead, ms },
  };
}

/** The frames of each stream, in the order of time. */
function byStream(times: readonly FrameTime[]): number[][] {
  const found = new Map<number, number[]>();
  times.forEach(({ stream }, row) => {
    const rows = found.get(stream);
    if (rows) rows.push(row);
    else found.set(stream, [row]);
  });
  return [...found.values()].map((rows) => rows.sort((a, b) => times[a]!.start - times[b]!.start));
}

export function timeOf({ start, end, stream }: TrainingRequest["frames"], row: number): FrameTime {
  return { start: start[row]!, end: end[row]!, stream: stream[row]! };
}
