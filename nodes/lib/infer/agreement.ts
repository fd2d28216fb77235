import type { AnomalyResult } from "../frame/index.js";
import type { Manifest } from "../model/index.js";

/** What one version of a model says of a frame. */
export interface Opinion {
  result: AnomalyResult;
  /** How far its threshold lies above what is usual, in its own scores; more than 0. */
  margin: number;
}

/** See Opinion: from the median score of the hold-out to the threshold; without one, the threshold's own size. */
export function marginOf(manifest: Manifest | undefined, threshold: number): number {
  const median = manifest?.training.holdOut.metrics.medianScore;
  const margin = manifest?.threshold && median !== undefined ? manifest.threshold.value - median : Number.NaN;
  return margin > 0 ? margin : Math.abs(threshold) || 1;
}

/**
 * What several versions say together. Each score is mapped onto the scale of the first:
 *
 *   t₁ + (s − t) · m₁ / m
 *
 * with its own threshold t and margin m, and those of the first, t₁ and m₁. The result is the `needed`-th largest of the
 * mapped scores against t₁: it lies above exactly when at least so many versions have a score above their own threshold.
 * Its contributions are those of the version that the score is of.
 * @param opinions of the newest first
 * @param needed 1 to the number of opinions
 */
export function agreed(opinions: readonly Opinion[], needed: number): AnomalyResult {
  const first = opinions[0]!;
  const { threshold } = first.result;
  const mapped = opinions.map(({ result, margin }) => ({
    result,
    score: map(result, margin, threshold, first.margin),
  }));
  // Sorting is stable: of equal ones the newest comes first.
  mapped.sort((a, b) => b.score - a.score);
  const { result, score } = mapped[needed - 1]!;
  let agree = 0;
  for (const each of opinions) if (each.result.anomalous) agree++;
  return {
    kind: "anomaly",
    score,
    threshold,
    anomalous: score > threshold,
    ...(result.contributions ? { contributions: result.contributions } : {}),
    agreement: { agree, of: opinions.length },
  };
}

function map({ score, threshold, anomalous }: AnomalyResult, margin: number, to: number, toMargin: number): number {
  const mapped = to + (score - threshold) * Math.min(MAX, toMargin / margin);
  // Too small a step for the digits of the other scale must not change the side, nor too large a one leave it.
  return anomalous ? Math.min(MAX, Math.max(mapped, justAbove(to))) : Math.max(-MAX, Math.min(mapped, to));
}

const MAX = Number.MAX_VALUE;

function justAbove(value: number): number {
  return value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}
