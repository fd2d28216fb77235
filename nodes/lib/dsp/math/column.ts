/**
 * Copies one channel of a window out of its rows.
 * @param window row-major [samples, columns]
 * @param out as many numbers as there are samples
 */
export function readColumn(window: Float32Array, channel: number, columns: number, out: Float64Array): void {
  for (let i = 0, at = channel; i < out.length; i++, at += columns) out[i] = window[at]!;
}
