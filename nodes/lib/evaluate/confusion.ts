/** Counts of a yes-or-no decision against the truth. */
export interface Confusion {
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
}

/** @param predicted and `actual` are of the same length */
export function confusion(predicted: ArrayLike<boolean | number>, actual: ArrayLike<boolean | number>): Confusion {
  if (predicted.length !== actual.length) throw new TypeError("predictions and truth differ in length");
  const counts: Confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let i = 0; i < predicted.length; i++) {
    if (predicted[i]) counts[actual[i] ? "truePositives" : "falsePositives"]++;
    else counts[actual[i] ? "falseNegatives" : "trueNegatives"]++;
  }
  return counts;
}

export interface Rates {
  /** Of the positives, those that were found (recall); NaN without positives. */
  truePositiveRate: number;
  /** Of the negatives, those that were taken for positive; NaN without negatives. */
  falsePositiveRate: number;
  /** Of what was called positive, what is; NaN when nothing was. */
  precision: number;
  /** Harmonic mean of precision and recall; 0 when nothing was found. */
  f1: number;
}

export function rates({ truePositives, falsePositives, trueNegatives, falseNegatives }: Confusion): Rates {
  return {
    truePositiveRate: truePositives / (truePositives + falseNegatives),
    falsePositiveRate: falsePositives / (falsePositives + trueNegatives),
    precision: truePositives / (truePositives + falsePositives),
    f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives),
  };
}
