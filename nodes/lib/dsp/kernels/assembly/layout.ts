/**
 * Where everything lies in the memory, and the numbers of a FramePlan that are no tables: four bytes each, from address
 * 0, in the order of LAYOUT in wasm-kernel.ts, which writes them. Addresses and distances are in bytes, all tables
 * float32.
 */
@unmanaged
export class Layout {
  /** The first sample of the first frame; before it, what the pre-emphasis takes for the sample before. */
  samples: usize;
  /** From one frame to the next. */
  stride: usize;
  /** Samples of a frame. */
  frameLength: i32;
  /** Complex points: half of the FFT's length, at least 16. */
  points: i32;
  /** Scale and taper, then zeros up to the FFT's length. */
  weights: usize;
  /** 1 = there is a pre-emphasis. */
  emphasised: i32;
  /** 1 − factor */
  emphasisRest: f32;
  /** w, w², w³ of w = e^(−2πi·p/points), p < points/4: four p at a time, each number a vector. */
  firstTurns: usize;
  /** The same, six numbers for each p. */
  turns: usize;
  /** cos and sin of −2π·k/FFT length, k < points/2: four k at a time, each a vector. */
  splits: usize;
  /** Two buffers of points + 4 real and as many imaginary parts. */
  front: usize;
  back: usize;
  /** points + 1 numbers, three times more the last one, then zeros as far as the bank reads. */
  spectrum: usize;
  /** 1 = magnitude, 0 = power. */
  magnitude: i32;
  gain: f32;
  /** The sum of a spectrum that float32 holds well. */
  least: f32;
  most: f32;
  /** 0 = no bank. Four bands at a time: their vectors' number, the four first bins' addresses. */
  groups: usize;
  bankWeights: usize;
  /** What the logarithm is taken of, padded to vectors. */
  values: i32;
  /** 1 = take the logarithm. */
  logarithm: i32;
  floor: f32;
  offset: f32;
  slope: f32;
  shift: f32;
  low: f32;
  high: f32;
  steps: f32;
  /** The error to be expected, in steps, of a band as loud as the frame. */
  doubt: f32;
  /** The values before the transform, padded to vectors. */
  compressed: usize;
  /** 0 = no transform. Value by value, its factor for each coefficient, padded to vectors. */
  matrix: usize;
  /** Vectors of coefficients. */
  coefficients: i32;
  /** Values in the transform. */
  terms: i32;
  /** 1 = the first output is the frame's energy. */
  energyFirst: i32;
  energyFloor: f32;
  /** Frame by frame, and four numbers more. */
  out: usize;
  /** From one frame's outputs to the next ones. */
  outStride: usize;
  /** A byte for each frame: 1 = float32 does not do for it. */
  doubtful: usize;
}
