import type { ManifestThreshold } from "../../model/index.js";
import type { Matrix } from "../math/matrix.js";
import { quantile, sorted } from "../math/quantile.js";
import { type Scaler, standardise } from "../math/scaler.js";
import { MAX_STREAMS_LISTED } from "../training/request.js";

/** What a good engineer would look at before trusting a model. */
export interface Evidence {
  names: readonly string[];
  scaler: Scaler;
  training: Matrix;
  /** Frames that the model in the bundle learned from. */
  frames: number;
  holdOut: Matrix;
  trainingScores: Float32Array;
  holdOutScores: Float32Array;
  /** Rows that the learner would want for so many features. */
  wantedRows: number;
  threshold: ManifestThreshold;
  extrapolated: boolean;
  noGap: boolean;
  timeStandsStill: boolean;
  stride: number;
  streams: number;
}

type Check = (evidence: Evidence) => string | undefined;

/** Short sentences, the most important first. */
export function warningsOf(evidence: Evidence): string[] {
  return CHECKS.map((check) => check(evidence)).filter((warning) => warning !== undefined);
}

/** A shift of a feature's mean by this many of its standard deviations is another state of the machine, not chance. */
const DRIFT = 3;

/** A frame this many times as far out as 95 % of the frames are. */
const OUTLIER = 6;

const holdOutDiffers: Check = ({ trainingScores, holdOutScores }) => {
  const training = sorted(trainingScores);
  const usual = quantile(training, 0.5);
  const high = quantile(training, 0.95);
  const median = quantile(sorted(holdOutScores), 0.5);
  if (!(median > high)) return undefined;
  return `The frames held out score far above those it learned from (median ${brief(median)}, there ${brief(usual)}): it has not seen all that is normal. Let it learn for longer.`;
};

const drift: Check = ({ names, scaler, training, holdOut }) => {
  const before = meanZ(scaler, training);
  const after = meanZ(scaler, holdOut);
  let worst = -1;
  for (let i = 0; i < names.length; i++) {
    if (scaler.constant[i]) continue;
    if (worst < 0 || Math.abs(after[i]! - before[i]!) > Math.abs(after[worst]! - before[worst]!)) worst = i;
  }
  if (worst < 0) return undefined;
  const shift = after[worst]! - before[worst]!;
  if (!(Math.abs(shift) > DRIFT)) return undefined;
  return `"${names[worst]}" drifts: in the frames held out it is ${brief(Math.abs(shift))} standard deviations ${shift > 0 ? "higher" : "lower"} than in those before.`;
};

const outliers: Check = ({ scaler, training }) => {
  const { rows, columns, data } = training;
  const z = new Float64Array(columns);
  const distances = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    standardise(scaler, data, z, row * columns);
    distances[row] = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0));
  }
  const usual = quantile(sorted(distances), 0.95);
  const count = distances.filter((distance) => distance > OUTLIER * usual).length;
  if (count === 0 || usual === 0) return undefined;
  return `${count} of the ${rows} frames it learned from differ strongly from the others: if they were not normal, learn again without them.`;
};

const tooFew: Check = ({ training, frames, wantedRows }) =>
  frames >= wantedRows
    ? undefined
    : `It learned from ${frames} frames of ${training.columns} features; ${wantedRows} or more would make it steadier.`;

const extrapolated: Check = ({ extrapolated, threshold }) => {
  if (!extrapolated) return undefined;
  const { falseAlarmsPerDay, framesPerDay, holdOut } = threshold;
  const oneIn = Math.round(framesPerDay / falseAlarmsPerDay);
  return `The threshold is extrapolated: the wish is one false alarm in ${oneIn} frames, and ${holdOut.frames} were held out.`;
};

const constant: Check = ({ scaler, names }) => {
  const found = names.filter((_, i) => scaler.constant[i]);
  if (found.length === 0) return undefined;
  const shown = found.slice(0, 3).join(", ") + (found.length > 3 ? ", …" : "");
  return `${found.length} of ${names.length} features never changed (${shown}): any change in them will stand out.`;
};

const noGap: Check = ({ noGap }) =>
  noGap
    ? "The frames overlap so far in time that those held out share readings with those it learned from: the test is milder than it should be."
    : undefined;

const clock: Check = ({ timeStandsStill }) =>
  timeStandsStill
    ? "The frames' times do not move on: false alarms per day are reckoned with one frame per second."
    : undefined;

const thinned: Check = ({ stride }) =>
  stride > 1 ? `There were more frames than fit: it learned from one in ${stride}.` : undefined;

const manyStreams: Check = ({ streams }) =>
  streams > MAX_STREAMS_LISTED
    ? `It learned from ${streams} streams; the first ${MAX_STREAMS_LISTED} are listed.`
    : undefined;

const CHECKS: Check[] = [
  holdOutDiffers,
  drift,
  outliers,
  tooFew,
  extrapolated,
  constant,
  noGap,
  clock,
  thinned,
  manyStreams,
];

function meanZ(scaler: Scaler, { rows, columns, data }: Matrix): Float64Array {
  const sum = new Float64Array(columns);
  const z = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    standardise(scaler, data, z, row * columns);
    for (let i = 0; i < columns; i++) sum[i]! += z[i]! / rows;
  }
  return sum;
}

function brief(value: number): string {
  return String(Number(value.toPrecision(3)));
}
