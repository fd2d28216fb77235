import { median } from "../evaluate/index.js";
import type { Result } from "../frame/index.js";
import type { LoadedModel } from "./load-model.js";
import type { RecentFrame } from "./recent-frames.js";
import { attempt } from "./trial.js";

/** What a new version of a model gives for recent frames, beside the version in use; plain JSON. */
export interface Rehearsal {
  /** The version in use, and the new one. */
  from: string;
  to: string;
  /** How many recent frames both gave a result for. The rest is missing when there was none. */
  frames: number;
  /** The share of them, 0..1, with the same label, or on the same side of the threshold. */
  same?: number;
  /** Pearson's correlation of scores or values; missing when one of them never changes. */
  correlation?: number;
  /** Mean absolute difference of scores, probabilities or values. */
  meanDifference?: number;
  /** ms of a run with one frame, medians. */
  ms?: { from: number; to: number };
}

/** Enough was seen of slow models after this. */
const MAX_MS = 2000;

/**
 * Runs recent frames through a new version and through the one in use, one at a time, between the frames that come.
 * Frames that the new version was not made for are left out: the flow may have been changed with it.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the new version has no result for a frame that the old one has one for
 */
export async function rehearse(
  frames: readonly RecentFrame[],
  running: LoadedModel,
  next: LoadedModel,
): Promise<Rehearsal> {
  const [from, to] = [running.reference.version, next.reference.version];
  const name = `${next.reference.name}, version ${to}`;
  const pairs: { before: Answer; after: Answer }[] = [];
  const end = performance.now() + MAX_MS;
  for (const frame of frames) {
    if (performance.now() > end) break;
    if (!fits(frame, next)) continue;
    const before = await answer(frame, running).catch(() => undefined);
    if (!before) continue;
    pairs.push({ before, after: await attempt(name, () => answer(frame, next)) });
  }
  if (pairs.length === 0) return { from, to, frames: 0 };
  return {
    from,
    to,
    frames: pairs.length,
    ...agreement(pairs.map(({ before, after }) => [before.result, after.result])),
    ms: { from: median(pairs.map(({ before }) => before.ms)), to: median(pairs.map(({ after }) => after.ms)) },
  };
}

interface Answer {
  result: Result;
  ms: number;
}

async function answer({ data, info, more }: RecentFrame, { runner, interpreter }: LoadedModel): Promise<Answer> {
  const { outputs, ms } = await runner.run(data, 1, info.shape, more);
  return { result: interpreter.result(outputs, 0, 1), ms };
}

function fits(frame: RecentFrame, { check, moreInputs }: LoadedModel): boolean {
  if (!moreInputs.every((name) => frame.more?.has(name))) return false;
  try {
    check.check(frame);
    return true;
  } catch {
    return false;
  }
}

/** How far two versions agree on the same frames. */
export function agreement(
  pairs: readonly (readonly [Result, Result])[],
): Pick<Rehearsal, "same" | "correlation" | "meanDifference"> {
  const told: Pick<Rehearsal, "same" | "correlation" | "meanDifference"> = {};
  const verdicts = pairs.map(([a, b]) => [verdictOf(a), verdictOf(b)]);
  if (verdicts.every(([a, b]) => a !== undefined && b !== undefined)) {
    told.same = verdicts.filter(([a, b]) => a === b).length / pairs.length;
  }
  const numbers = pairs.flatMap(([a, b]) => pairsOf(a, b));
  if (numbers.length === 0) return told;
  told.meanDifference = mean(numbers.map(([x, y]) => Math.abs(x - y)));
  const correlation = pearson(numbers);
  if (Number.isFinite(correlation)) told.correlation = correlation;
  return told;
}

function verdictOf(result: Result): string | boolean | undefined {
  if ("label" in result) return result.label;
  return "anomalous" in result ? result.anomalous : undefined;
}

/** The numbers of two results that stand for the same: by label, or by their place. */
function pairsOf(a: Result, b: Result): [number, number][] {
  if ("scores" in a && "scores" in b) {
    const others = new Map(b.scores.map(({ label, score }) => [label, score]));
    return a.scores.flatMap(({ label, score }) => {
      const other = others.get(label);
      return other === undefined ? [] : [[score, other] as [number, number]];
    });
  }
  const [x, y] = [numbersOf(a), numbersOf(b)];
  return a.kind === b.kind && x.length === y.length ? x.map((value, i) => [value, y[i]!]) : [];
}

function numbersOf(result: Result): number[] {
  if ("score" in result) return result.score === null ? [] : [result.score];
  if ("values" in result) return result.values.map(({ value }) => value);
  if ("tensors" in result) {
    return result.tensors.flatMap(({ data }) => data.filter((value) => typeof value === "number"));
  }
  return [];
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** NaN when one of the two never changes. */
function pearson(pairs: readonly [number, number][]): number {
  const meanX = mean(pairs.map(([x]) => x));
  const meanY = mean(pairs.map(([, y]) => y));
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  // Rounding may leave a little more than 1.
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
