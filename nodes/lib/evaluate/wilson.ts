/** A share with its confidence interval. */
export interface Rate {
  value: number;
  low: number;
  high: number;
}

/** The 97.5 % quantile of the normal distribution: for an interval that holds the truth 95 times in 100. */
const Z = 1.959963984540054;

/**
 * A share of counts with its 95 % confidence interval: E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", 1927. It stays within 0..1, and is of use for few counts too.
 * @returns undefined for a share of nothing
 */
export function wilson(count: number, of: number): Rate | undefined {
  if (!(of > 0)) return undefined;
  const value = count / of;
  const middle = value + (Z * Z) / (2 * of);
  const half = Z * Math.sqrt((value * (1 - value) + (Z * Z) / (4 * of)) / of);
  const scale = 1 + (Z * Z) / of;
  // At the ends rounding would leave 1e-17 in place of 0.
  return {
    value,
    low: count === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: count === of ? 1 : Math.min(1, (middle + half) / scale),
  };
}
