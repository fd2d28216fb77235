import { rocAuc } from "../../nodes/lib/evaluate/index.ts";
import type { LearnTask } from "../../nodes/lib/index.ts";

/** How good answers are, in the words of the task: higher is better. */
export function qualityOf(task: LearnTask, answers: readonly number[], truth: readonly number[]): [string, number][] {
  if (task === "anomaly") return [["AUC", rocAuc(answers, truth)]];
  if (task === "value") return [["R²", determination(answers, truth)]];
  const right = answers.filter((p, row) => p > 0.5 === (truth[row] === 1)).length;
  return [
    ["AUC", rocAuc(answers, truth)],
    ["accuracy", right / answers.length],
  ];
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
