import { EdgeMlError } from "../../errors/index.js";
import { filterBank } from "../kernels/filter-bank.js";
import type { FilterBank } from "../kernels/index.js";
import { flooredTriangles, melPoints } from "../math/mel.js";
import { FFT_LENGTHS } from "./picture.js";

/** What Edge Impulse's audio blocks have in common: Spectrogram, MFE, MFCC. */
export const frameOptions = (lengths: { frameStride: number; fftLength: number }) => ({
  scale: { type: "number", default: 1, title: "Multiply by" },
  frameLength: { type: "number", exclusiveMinimum: 0, maximum: 86_400, default: 0.02, title: "Frame length (s)" },
  frameStride: {
    type: "number",
    exclusiveMinimum: 0,
    maximum: 86_400,
    default: lengths.frameStride,
    title: "Frame stride (s)",
    description: "From the start of one frame to the start of the next.",
  },
  fftLength: {
    type: "integer",
    enum: FFT_LENGTHS,
    default: lengths.fftLength,
    title: "FFT length (samples)",
    description: "A shorter frame is padded with zeros, a longer one is cut.",
  },
});

export const bandOptions = (filters: number) => ({
  filters: { type: "integer", minimum: 2, maximum: 256, default: filters, title: "Filters" },
  lowFrequency: { type: "number", minimum: 0, maximum: 1e6, default: 0, title: "Lowest frequency (Hz)" },
  highFrequency: {
    type: "number",
    minimum: 0,
    maximum: 1e6,
    default: 0,
    title: "Highest frequency (Hz)",
    description: "0 is half the sample rate.",
  },
});

export const noiseFloorOption = {
  type: "number",
  minimum: -200,
  maximum: 0,
  default: -52,
  title: "Noise floor (dB)",
  description: "What is quieter becomes 0.",
} as const;

/** A model made in an older project needs the numbers of its time. */
export const implementationOption = {
  type: "string",
  enum: ["4", "3"],
  default: "4",
  title: "Edge Impulse version",
  description: "The block's implementation version in the Edge Impulse project.",
} as const;
export type Implementation = "4" | "3";

/**
 * Edge Impulse's mel filter bank, and the frequency in the middle of each band.
 * @throws EdgeMlError EDGE_ML_SETTING when a band has no bin
 */
export function edgeImpulseBank(
  [low, high]: [low: number, high: number],
  filters: number,
  fftLength: number,
  rate: number,
  implementation: Implementation,
): { bank: FilterBank; hertz: Float64Array } {
  const points = melPoints(low, high, filters, "HTK");
  const rows = flooredTriangles(points, { fftLength, rate }, implementation === "4" ? 4 : 3);
  const empty = rows.findIndex((row) => row.every((weight) => weight === 0));
  if (empty >= 0) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "filters",
      got: `${filters} (filter ${empty + 1} lies between two bins of the FFT)`,
      expected: "fewer, or the FFT longer",
    });
  }
  return { bank: filterBank(rows), hertz: points.subarray(1, -1) };
}
