/** What is known of a moment: that all was well, that something was wrong, or nothing. */
export type Truth = "normal" | "faulty" | "unknown";

/** A scored moment of a stream, with its truth. */
export interface Moment {
  /** ms since 1970. */
  time: number;
  stream: string;
  truth: Truth;
  /** As it came, where one came. */
  label?: string;
  /** Missing when the moment was not scored: it is never taken for normal. */
  score?: number;
}

/** The scores of the moments that have one and whose truth is known, and whether each is faulty. */
export function labelledScores(moments: Iterable<Moment>): { scores: number[]; faulty: boolean[] } {
  const scores: number[] = [];
  const faulty: boolean[] = [];
  for (const { score, truth } of moments) {
    if (score === undefined || truth === "unknown") continue;
    scores.push(score);
    faulty.push(truth === "faulty");
  }
  return { scores, faulty };
}
