/** Takes one channel out of a window. @param window row-major [samples, columns] @param out [samples] */
export function copyChannel(window: Float32Array, channel: number, columns: number, out: Float64Array): void {
  // By fours, and with indices that V8 knows to be short: most of the time would be the loop itself.
  const step = columns & 0xfffffff;
  const fours = out.length - 3;
  let i = 0;
  let at = channel & 0xfffffff;
  for (; i < fours; i += 4) {
    out[i] = window[at]!;
    out[i + 1] = window[at + step]!;
    out[i + 2] = window[at + 2 * step]!;
    out[i + 3] = window[at + 3 * step]!;
    at = (at + 4 * step) & 0xfffffff;
  }
  for (; i < out.length; i++, at += step) out[i] = window[at]!;
}

/** The mean of numbers, in float64. Four sums: an addition need not wait for the one before it. */
export function meanOf(x: Float64Array): number {
  const fours = x.length - 3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i < fours; i += 4) {
    a += x[i]!;
    b += x[i + 1]!;
    c += x[i + 2]!;
    d += x[i + 3]!;
  }
  for (; i < x.length; i++) a += x[i]!;
  return (a + b + (c + d)) / x.length;
}

/** Whether all numbers are the same one; rounding leaves a trace of spread in a constant whose mean is not exact. */
export function isConstant(x: Float64Array): boolean {
  const first = x[0]!;
  for (let i = 1; i < x.length; i++) if (x[i] !== first) return false;
  return !Number.isNaN(first);
}
