/**
 * Where everything lies in the memory, and the numbers of a FramePlan that are no tables: from address 0, in the order
 * of LAYOUT in wasm-kernel.ts, which writes them, fractions (eight bytes each) before whole numbers (four bytes).
 * Addresses and distances are in bytes.
 */
@unmanaged
export class Layout {
  /** The pre-emphasis' factor. */
  emphasis: f64;
  gain: f64;
  /** The sum of a spectrum that float32 holds well. */
  least: f64;
  most: f64;
  floor: f64;
  offset: f64;
  slope: f64;
  shift: f64;
  low: f64;
  high: f64;
  steps: f64;
  /** The error to be expected, in steps. */
  doubt: f64;
  energyFloor: f64;

  /** float32: the first sample of the first frame; before it, what the pre-emphasis takes for the sample before. */
  samples: usize;
  /** From one frame to the next. */
  stride: usize;
  /** Samples of a frame. */
  frameLength: i32;
  /** float32: one sample, a frame, and zeros up to the FFT's length. */
  alone: usize;
  /** Complex points: half of the FFT's length, at least 8. */
  points: i32;
  /** 1 = the spectrum is computed in float32 (fft-single.ts), and the tables up to the buffers are float32. */
  single: i32;
  /** float64: scale and taper, then zeros up to the FFT's length. */
  weights: usize;
  /** 1 = there is a pre-emphasis. */
  emphasised: i32;
  /** float64: w, w², w³ of w = e^(−2πi·p/points), p < points/4: two p at a time (in float32 four), each number a vector. */
  firstTurns: usize;
  /** float64: the same, six numbers for each p; in float32 then e^(−2πi·p/8), p < 4. */
  turns: usize;
  /** float64: cos and sin of −2π·k/FFT length, k < points/2: two k at a time, each a vector; in float32 in the order of use. */
  splits: usize;
  /** float64: two buffers of the points, two real parts before their two imaginary ones; in float32 the imaginary ones apart. */
  front: usize;
  back: usize;
  /** float32: points + 1 numbers, three times more the last one, then zeros as far as the bank reads. */
  spectrum: usize;
  /** 1 = magnitude, 0 = power. */
  magnitude: i32;
  /** 0 = no bank. Four bands at a time: their vectors' number, the four first bins' addresses. */
  groups: usize;
  /** float32 */
  bankWeights: usize;
  /** float32: the bands. */
  sums: usize;
  /** What the logarithm is taken of, padded to vectors of four. */
  values: i32;
  /** 1 = take the logarithm. */
  logarithm: i32;
  /** float64: what the transform is taken of. */
  terms: usize;
  /** float64; 0 = no transform. Term by term, its factor for each coefficient, padded to fours. */
  matrix: usize;
  /** Coefficients, padded to fours. */
  coefficients: i32;
  /** Terms of the transform. */
  termCount: i32;
  /** 1 = the first output is the frame's energy. */
  energyFirst: i32;
  /** float32: frame by frame, and four numbers more. */
  out: usize;
  /** From one frame's outputs to the next ones. */
  outStride: usize;
  /** A byte for each frame: 1 = float32 does not do for it. */
  doubtful: usize;
}
