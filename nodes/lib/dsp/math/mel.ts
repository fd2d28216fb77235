/**
 * HTK: 1127·ln(1 + f/700), also written 2595·log10; points that are equally far apart are the same in both. Slaney (Auditory Toolbox, librosa): linear below 1 kHz, three
 * mel to 200 Hz; logarithmic above, 27 mel to a factor of 6.4.
 */
export const MEL_SCALES = ["HTK", "Slaney"] as const;
export type MelScale = (typeof MEL_SCALES)[number];

const SLANEY_STEP = 200 / 3;
const SLANEY_BREAK = 1000;
const SLANEY_BREAK_MEL = SLANEY_BREAK / SLANEY_STEP;
const SLANEY_LOG_STEP = Math.log(6.4) / 27;

/** @param hz from 0 */
export function hzToMel(hz: number, scale: MelScale): number {
  if (scale === "HTK") return 1127 * Math.log1p(hz / 700);
  return hz < SLANEY_BREAK ? hz / SLANEY_STEP : SLANEY_BREAK_MEL + Math.log(hz / SLANEY_BREAK) / SLANEY_LOG_STEP;
}

/** @returns Hz */
export function melToHz(mel: number, scale: MelScale): number {
  if (scale === "HTK") return 700 * Math.expm1(mel / 1127);
  return mel < SLANEY_BREAK_MEL
    ? mel * SLANEY_STEP
    : SLANEY_BREAK * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_BREAK_MEL));
}

/** Where triangles begin, peak and end: `bands` + 2 frequencies in Hz, equally far apart in mel. */
export function melPoints(low: number, high: number, bands: number, scale: MelScale): Float64Array {
  const from = hzToMel(low, scale);
  const step = (hzToMel(high, scale) - from) / (bands + 1);
  return Float64Array.from({ length: bands + 2 }, (_, i) => melToHz(from + i * step, scale));
}

/** A spectrum: N/2 + 1 bins, bin k at k · rate / N Hz. */
export interface Bins {
  fftLength: number;
  /** Hz */
  rate: number;
}

/**
 * Triangles that are straight over Hz, or over mel, of height 1: librosa and torchaudio have the first, TensorFlow's
 * linear_to_mel_weight_matrix the second, which leaves out bin 0. A triangle between two bins is empty.
 * @param points of melPoints
 * @returns bands × (N/2 + 1)
 */
export function triangles(
  points: Float64Array,
  { fftLength, rate }: Bins,
  over: { axis: "Hz" } | { axis: "mel"; scale: MelScale },
): Float64Array[] {
  const at = over.axis === "mel" ? (hz: number) => hzToMel(hz, over.scale) : (hz: number) => hz;
  const places = points.map(at);
  const bins = Float64Array.from({ length: fftLength / 2 + 1 }, (_, k) => at((k * rate) / fftLength));
  return bandsOf(points, (band) => {
    const [left, peak, right] = [places[band]!, places[band + 1]!, places[band + 2]!];
    const row = bins.map((bin) => {
      const weight = Math.min((bin - left) / (peak - left), (right - bin) / (right - peak));
      // Where points coincide, 0 / 0 is no weight either.
      return Number.isNaN(weight) ? 0 : Math.max(0, weight);
    });
    if (over.axis === "mel") row[0] = 0;
    return row;
  });
}

/**
 * Triangles between whole bins (Edge Impulse): each point is rounded down to bin ⌊(N + 1)·Hz / rate⌋, after the last one
 * lost a thousandth of a Hz. Implementations up to version 3 took the number of bins plus one, N/2 + 2, for N + 1.
 * @param points of melPoints on the HTK scale
 * @returns bands × (N/2 + 1); a band whose three points fall on one bin is empty
 */
export function flooredTriangles(points: Float64Array, { fftLength, rate }: Bins, version: 3 | 4): Float64Array[] {
  const count = version === 4 ? fftLength + 1 : fftLength / 2 + 2;
  const places = points.map((hz, i) => Math.floor((count * (i === points.length - 1 ? hz - 0.001 : hz)) / rate));
  return bandsOf(points, (band) => {
    const [left, peak, right] = [places[band]!, places[band + 1]!, places[band + 2]!];
    const row = new Float64Array(fftLength / 2 + 1);
    for (let bin = left + 1; bin <= peak; bin++) row[bin] = (bin - left) / (peak - left);
    for (let bin = peak; bin < right; bin++) row[bin] = (right - bin) / (right - peak);
    return row;
  });
}

/** Slaney's normalisation, in place: each triangle has the same area, 2 / (its width in Hz) high. */
export function equalAreas(rows: Float64Array[], points: Float64Array): void {
  for (const [band, row] of rows.entries()) {
    const height = 2 / (points[band + 2]! - points[band]!);
    for (let bin = 0; bin < row.length; bin++) if (row[bin]! > 0) row[bin]! *= height;
  }
}

function bandsOf(points: Float64Array, row: (band: number) => Float64Array): Float64Array[] {
  return Array.from({ length: points.length - 2 }, (_, band) => row(band));
}
