export { Aligner, type AlignerOptions } from "./aligner.js";
export { Resampler } from "./resampler.js";
export type { ResampleCounts, RowOutput } from "./row-output.js";
