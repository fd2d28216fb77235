export { Aligner, type AlignerOptions } from "./aligner.js";
export { PolyphaseResampler } from "./polyphase-resampler.js";
export { ratioOf } from "./rational.js";
export { Resampler } from "./resampler.js";
export type { ResampleCounts, RowOutput } from "./row-output.js";
