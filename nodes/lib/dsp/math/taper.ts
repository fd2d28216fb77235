/** The tapers that a frame can be multiplied with; "rectangular" leaves it as it is. */
export const TAPERS = ["rectangular", "hann", "hamming", "blackman"] as const;
export type Taper = (typeof TAPERS)[number];

/** The cosine series a0 − a1·cos(2πn/D) + a2·cos(4πn/D) of each taper (Harris 1978). */
const COSINES: Record<Taper, readonly [a0: number, a1: number, a2: number]> = {
  rectangular: [1, 0, 0],
  hann: [0.5, 0.5, 0],
  hamming: [0.54, 0.46, 0],
  blackman: [0.42, 0.5, 0.08],
};

/**
 * The weights of a taper.
 * @param length of the frame in samples, from 1
 * @param form "periodic" (D = length: for spectra, as in librosa, torch and TensorFlow) or "symmetric" (D = length − 1: for
 * filters, as numpy's); a frame of one sample weighs 1
 * @returns [length]
 */
export function taperWeights(taper: Taper, length: number, form: "periodic" | "symmetric" = "periodic"): Float64Array {
  const [a0, a1, a2] = COSINES[taper];
  if (length === 1) return Float64Array.of(1);
  const turn = (2 * Math.PI) / (form === "periodic" ? length : length - 1);
  return Float64Array.from({ length }, (_, n) => a0 - a1 * Math.cos(turn * n) + a2 * Math.cos(2 * turn * n));
}

/** The mean of the weights: an amplitude spectrum is divided by it, so that a sine keeps its amplitude. */
export function coherentGain(weights: Float64Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum / weights.length;
}
