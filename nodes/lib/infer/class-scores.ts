import type { Scale } from "../model/index.js";

/** Whether the numbers of a classifier go through a softmax (a sigmoid, when there is but one). */
export type Softmax = "auto" | "on" | "off";

/** How far numbers that add up to 1 may be from it: those of an 8-bit softmax are rounded to 1/256 each. */
const SUM_TOLERANCE = 0.02;

/**
 * The probabilities of one frame, in place. With "auto", as the graph shows; where it does not, numbers that are no
 * probabilities (outside 0..1, or not adding up to 1) are taken as logits.
 * @param scores one for each class, or a single one, of the second of two classes
 */
export function toProbabilities(scores: number[], softmax: Softmax, scale: Scale | undefined): void {
  if (softmax === "off" || (softmax === "auto" && scale === "probabilities")) return;
  if (softmax === "auto" && scale === undefined && areProbabilities(scores)) return;
  if (scores.length === 1) {
    scores[0] = 1 / (1 + Math.exp(-scores[0]!));
    return;
  }
  // Less the largest: no exponential overflows.
  const largest = scores.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - largest);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! / sum;
}

function areProbabilities(scores: readonly number[]): boolean {
  let sum = 0;
  for (const score of scores) {
    if (score < -1e-6 || score > 1 + 1e-6) return false;
    sum += score;
  }
  return scores.length === 1 || Math.abs(sum - 1) <= SUM_TOLERANCE;
}
