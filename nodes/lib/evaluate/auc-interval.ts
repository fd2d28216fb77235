import type { Rate } from "./wilson.js";

/**
 * An area under the ROC curve with its 95 % confidence interval: J. A. Hanley & B. J. McNeil, "The meaning and use of the
 * area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982). It takes the moments for
 * independent; overlapping windows are not, and make the true interval wider.
 * @returns undefined without positives or negatives
 */
export function aucInterval(auc: number, positives: number, negatives: number): Rate | undefined {
  if (!(positives > 0 && negatives > 0)) return undefined;
  const twoPositives = auc / (2 - auc);
  const twoNegatives = (2 * auc * auc) / (1 + auc);
  const variance =
    (auc * (1 - auc) + (positives - 1) * (twoPositives - auc * auc) + (negatives - 1) * (twoNegatives - auc * auc)) /
    (positives * negatives);
  const half = 1.959963984540054 * Math.sqrt(Math.max(0, variance));
  return { value: auc, low: Math.max(0, auc - half), high: Math.min(1, auc + half) };
}
