/** A limit with the side on which it is crossed. */
export interface Limit {
  value: number;
  side: "above" | "below";
  /** Whether the limit itself counts as beyond. */
  inclusive: boolean;
}

export function isBeyond(score: number, limit: Limit): boolean {
  if (limit.inclusive && score === limit.value) return true;
  return limit.side === "above" ? score > limit.value : score < limit.value;
}

/**
 * The limit moved by a ratio of its size: a ratio below 1 back to the calm side, above 1 further out. For a limit
 * above 0 crossed upwards this is limit × ratio; it keeps its meaning for negative limits and for those crossed downwards.
 */
export function scaled(limit: Limit, ratio: number): Limit {
  const outwards = (ratio - 1) * Math.abs(limit.value);
  return { ...limit, value: limit.side === "above" ? limit.value + outwards : limit.value - outwards };
}
