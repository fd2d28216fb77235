/**
 * Scored moments by falling score: what a threshold at each of the scores would find. The curves are drawn from it.
 * Scores that are equal are found together.
 */
export interface Ranking {
  /** The different scores, highest first. */
  scores: Float64Array;
  /** Positives and negatives that score at least that much. */
  truePositives: Float64Array;
  falsePositives: Float64Array;
  /** All of them. */
  positives: number;
  negatives: number;
}

/**
 * O(n log n).
 * @param scores higher = more positive; finite
 * @param positive the truth, as long as `scores`
 */
export function rank(scores: ArrayLike<number>, positive: ArrayLike<boolean | number>): Ranking {
  if (scores.length !== positive.length) throw new TypeError("scores and truth differ in length");
  // Numbers without their places sort many times as fast as places by their numbers.
  const found = new Float64Array(scores.length);
  const other = new Float64Array(scores.length);
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]!;
    if (!Number.isFinite(score)) throw new TypeError(`score ${i} is ${score}`);
    if (positive[i]) found[positives++] = score;
    else other[negatives++] = score;
  }
  return merge(found.subarray(0, positives).sort(), other.subarray(0, negatives).sort());
}

/** @param found scores of the positives, rising @param other those of the negatives */
function merge(found: Float64Array, other: Float64Array): Ranking {
  const size = found.length + other.length;
  const levels = new Float64Array(size);
  const truePositives = new Float64Array(size);
  const falsePositives = new Float64Array(size);
  let count = 0;
  for (let p = found.length, n = other.length; p + n > 0; count++) {
    const level = Math.max(found[p - 1] ?? Number.NEGATIVE_INFINITY, other[n - 1] ?? Number.NEGATIVE_INFINITY);
    while (found[p - 1] === level) p--;
    while (other[n - 1] === level) n--;
    levels[count] = level;
    truePositives[count] = found.length - p;
    falsePositives[count] = other.length - n;
  }
  return {
    scores: levels.slice(0, count),
    truePositives: truePositives.slice(0, count),
    falsePositives: falsePositives.slice(0, count),
    positives: found.length,
    negatives: other.length,
  };
}
