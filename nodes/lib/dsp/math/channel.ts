/** Takes one channel out of a window. @param window row-major [samples, columns] @param out [samples] */
export function copyChannel(window: Float32Array, channel: number, columns: number, out: Float64Array): void {
  for (let i = 0, at = channel; i < out.length; i++, at += columns) out[i] = window[at]!;
}

/** The mean of numbers, in float64. */
export function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  return sum / x.length;
}

/** Whether all numbers are the same one; rounding leaves a trace of spread in a constant whose mean is not exact. */
export function isConstant(x: Float64Array): boolean {
  const first = x[0]!;
  for (let i = 1; i < x.length; i++) if (x[i] !== first) return false;
  return !Number.isNaN(first);
}
