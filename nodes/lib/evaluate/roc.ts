/**
 * Area under the ROC curve: the chance that a positive scores higher than a negative, ties counting half
 * (Mann–Whitney U with mid-ranks; the same as scikit-learn's roc_auc_score).
 * @param scores higher = more positive; finite
 * @param positive the truth, as long as `scores`
 * @returns 0..1, or NaN when there are no positives or no negatives
 */
export function rocAuc(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): number {
  if (scores.length !== positive.length) throw new TypeError("scores and truth differ in length");
  const order = Array.from({ length: scores.length }, (_, i) => i);
  for (const i of order) if (!Number.isFinite(scores[i])) throw new TypeError(`score ${i} is ${scores[i]}`);
  order.sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    let tied = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) {
      if (positive[order[end]!]) tied++;
      end++;
    }
    // Ranks i+1 … end share their mean.
    rankSum += (tied * (i + 1 + end)) / 2;
    positives += tied;
    i = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
