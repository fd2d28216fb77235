/**
 * The first rows of the orthonormal discrete cosine transform, type II: √(2/N)·cos(πk(2n + 1) / 2N), and √(1/N) for k = 0
 * (scipy.fft.dct with norm="ortho").
 * @returns row-major [coefficients, length]
 */
export function dctMatrix(coefficients: number, length: number): Float64Array {
  return Float64Array.from({ length: coefficients * length }, (_, i) => {
    const k = Math.floor(i / length);
    const n = i % length;
    return Math.sqrt((k === 0 ? 1 : 2) / length) * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * length));
  });
}
