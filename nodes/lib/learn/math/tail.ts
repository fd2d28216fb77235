/** A generalised Pareto distribution of what lies above `threshold`: P(X > threshold + x) = share (1 + ξ x / σ)^(−1/ξ). */
export interface Tail {
  threshold: number;
  /** Of all values, above the threshold. */
  share: number;
  /** σ > 0, unless all exceedances are alike. */
  scale: number;
  /** ξ; 0 is the exponential tail, above 0 a heavy one, below 0 one with an end. */
  shape: number;
}

/** The share of the values that the tail is fitted to. */
const TAIL_SHARE = 0.1;

/** Beyond these, probability-weighted moments no longer exist, or a handful of values decides alone. */
const SHAPE_RANGE = [-0.5, 0.4] as const;

/**
 * Peaks over threshold: the generalised Pareto distribution of the top tenth, by probability-weighted moments (Hosking &
 * Wallis, Technometrics 29 (1987) 339–349), which they found best for fewer than 500 exceedances and shapes near 0.
 * @param ascending sorted values, at least 2
 */
export function fitTail(ascending: Float64Array): Tail {
  const n = ascending.length;
  const count = Math.max(2, Math.min(n - 1, Math.round(n * TAIL_SHARE)));
  // The largest value that is not an exceedance.
  const threshold = n > count ? ascending[n - count - 1]! : ascending[0]!;
  const exceedances = ascending.subarray(n - count).map((value) => value - threshold);
  let mean = 0;
  let weighted = 0;
  exceedances.forEach((x, i) => {
    mean += x / count;
    weighted += (x * (1 - (i + 1 - 0.35) / count)) / count;
  });
  const share = count / n;
  if (!(mean > 0)) return { threshold, share, scale: 0, shape: 0 };
  const shape = 2 - mean / (mean - 2 * weighted);
  const bounded = Math.min(SHAPE_RANGE[1], Math.max(SHAPE_RANGE[0], shape));
  return { threshold, share, scale: mean * (1 - bounded), shape: bounded };
}

/** The value that is exceeded with this probability; meant for probabilities below the tail's share. */
export function tailQuantile({ threshold, share, scale, shape }: Tail, probability: number): number {
  const ratio = Math.log(share / probability);
  return threshold + scale * (Math.abs(shape) < 1e-9 ? ratio : Math.expm1(shape * ratio) / shape);
}

/** The probability that a value is exceeded; the tail's share for what lies below the tail. */
export function tailProbability({ threshold, share, scale, shape }: Tail, value: number): number {
  const x = value - threshold;
  if (x <= 0) return share;
  if (scale === 0) return 0;
  if (Math.abs(shape) < 1e-9) return share * Math.exp(-x / scale);
  return share * Math.max(0, 1 + (shape * x) / scale) ** (-1 / shape);
}
