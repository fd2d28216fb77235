import type { LearnTask } from "../../nodes/lib/index.ts";

/** How good answers are, in the words of the task: higher is better. */
export function qualityOf(task: LearnTask, answers: readonly number[], truth: readonly number[]): [string, number][] {
  if (task === "anomaly") return [["AUC", auc(answers, truth)]];
  if (task === "value") return [["R²", determination(answers, truth)]];
  const right = answers.filter((p, row) => p > 0.5 === (truth[row] === 1)).length;
  return [
    ["AUC", auc(answers, truth)],
    ["accuracy", right / answers.length],
  ];
}

/** The area under the ROC curve, by the ranks (Mann & Whitney): ties count half. */
function auc(scores: readonly number[], positive: readonly number[]): number {
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

function determination(answers: readonly number[], truth: readonly number[]): number {
  const mean = truth.reduce((sum, y) => sum + y, 0) / truth.length;
  let left = 0;
  let all = 0;
  truth.forEach((y, row) => {
    left += (y - answers[row]!) ** 2;
    all += (y - mean) ** 2;
  });
  return 1 - left / all;
}
