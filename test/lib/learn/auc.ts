/** The area under the ROC curve, by the ranks (Mann & Whitney): ties count half. */
export function auc(scores: readonly number[], positive: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let sum = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) end++;
    for (let k = i; k < end; k++) if (positive[order[k]!]) sum += (i + 1 + end) / 2;
    i = end;
  }
  const count = positive.filter((is) => is).length;
  return (sum - (count * (count + 1)) / 2) / (count * (scores.length - count));
}
