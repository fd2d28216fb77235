/** How far what is said is from what is true. */
export interface ValueMetrics {
  /** Root mean squared error. */
  rmse: number;
  /** Standard error of the root mean squared error (delta method). */
  rmseError: number;
  /** Mean absolute error. */
  mae: number;
  /** 1 − Σ error² / Σ (truth − its mean)²; null when the truth never changes. */
  r2: number | null;
}

/** @param said and `truth` are of the same length, at least 1 */
export function valueMetrics(said: ArrayLike<number>, truth: ArrayLike<number>): ValueMetrics {
  const n = truth.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += truth[i]! / n;
  let squared = 0;
  let fourth = 0;
  let absolute = 0;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const error = said[i]! - truth[i]!;
    squared += error * error;
    fourth += error ** 4;
    absolute += Math.abs(error);
    spread += (truth[i]! - mean) ** 2;
  }
  const rmse = Math.sqrt(squared / n);
  const variance = Math.max(0, fourth / n - (squared / n) ** 2);
  return {
    rmse,
    rmseError: rmse > 0 ? Math.sqrt(variance / n) / (2 * rmse) : 0,
    mae: absolute / n,
    r2: spread > 0 ? 1 - squared / spread : null,
  };
}

/**
 * Where the truth lies beside what is said: the ⌊(n + 1) α⌋-th smallest and largest of truth − said in the hold-out, with
 * α half of what may lie outside. For exchangeable frames the interval then holds the truth at least that often, whatever
 * the distribution (split conformal prediction: Lei et al., JASA 113 (2018) 1094–1111). Where the hold-out is too small for
 * that, its smallest and largest.
 */
export function residualInterval(
  said: ArrayLike<number>,
  truth: ArrayLike<number>,
  confidence: number,
): { low: number; high: number } {
  const residuals = Float64Array.from({ length: truth.length }, (_, i) => truth[i]! - said[i]!).sort();
  const n = residuals.length;
  const rank = Math.max(1, Math.floor(((n + 1) * (1 - confidence)) / 2 + 1e-9));
  return { low: residuals[rank - 1]!, high: residuals[n - rank]! };
}
