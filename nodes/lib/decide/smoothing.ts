import type { DecideSettings } from "./settings.js";

/** Smooths the scores of one stream. */
export interface Smoother {
  /** The smoothed score with this one in it. */
  push(score: number): number;
  /** Forgets all scores: the next one stands alone. */
  reset(): void;
}

/**
 * The smoother of a setting. Until `size` scores have come, the mean and the median are of those that have. "model" is a
 * mean in which those that have not come count as 0: what a model of events says was measured on full ones.
 */
export function smootherOf({ method, size }: DecideSettings["smoothing"]): Smoother {
  if (size <= 1) return none;
  switch (method) {
    case "none":
      return none;
    case "mean":
      return new LastScores(size, mean);
    case "median":
      return new LastScores(size, median);
    case "ewma":
      return new Ewma(size);
    case "model":
      return new LastScores(size, (scores) => (mean(scores) * scores.length) / size);
  }
}

/** Keeps no state: one for all streams. */
const none: Smoother = {
  push: (score) => score,
  reset: () => undefined,
};

/** A statistic of the last `size` scores. O(size) per score for the mean, O(size log size) for the median. */
class LastScores implements Smoother {
  readonly #scores: Float64Array;
  readonly #statistic: (scores: Float64Array) => number;
  #next = 0;
  #count = 0;

  constructor(size: number, statistic: (scores: Float64Array) => number) {
    this.#scores = new Float64Array(size);
    this.#statistic = statistic;
  }

  push(score: number): number {
    this.#scores[this.#next] = score;
    this.#next = (this.#next + 1) % this.#scores.length;
    if (this.#count < this.#scores.length) this.#count++;
    return this.#statistic(this.#scores.subarray(0, this.#count));
  }

  reset(): void {
    this.#next = 0;
    this.#count = 0;
  }
}

/** Summed anew each time: a running sum would keep the rounding error of one huge score for ever. */
function mean(scores: Float64Array): number {
  let sum = 0;
  for (const score of scores) sum += score / scores.length;
  return sum;
}

function median(scores: Float64Array): number {
  const sorted = scores.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : sorted[middle - 1]! / 2 + sorted[middle]! / 2;
}

/**
 * Exponentially weighted moving average with the weight 2 / (size + 1), whose scores are on average as old as those of
 * a mean of `size` (J. S. Hunter, The exponentially weighted moving average, J. Quality Technology 18, 1986).
 */
class Ewma implements Smoother {
  readonly #weight: number;
  #value: number | undefined;

  constructor(size: number) {
    this.#weight = 2 / (size + 1);
  }

  push(score: number): number {
    this.#value = this.#value === undefined ? score : this.#weight * score + (1 - this.#weight) * this.#value;
    return this.#value;
  }

  reset(): void {
    this.#value = undefined;
  }
}
