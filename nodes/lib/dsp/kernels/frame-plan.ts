/**
 * What is computed of each short frame of a signal, with every number that it takes: a block works these out once, and a
 * kernel does nothing but follow them. Each step is left out where its field is.
 *
 * 1. y[i] = scale · x[i], then y[i] − preEmphasis · y[i−1]
 * 2. times the taper, padded with zeros to the FFT's length
 * 3. |X[k]|² or |X[k]|, k = 0 … N/2, times the gain
 * 4. the sums of the filter bank
 * 5. the logarithm, then times `slope` plus `shift`, then clipped to low … high, then rounded to whole `steps`-ths
 * 6. the transform (the DCT of a cepstrum)
 */
export interface FramePlan {
  /** Samples in a frame, at most `fftLength`. */
  frameLength: number;
  /** Samples from one frame to the next. */
  stride: number;
  /** A power of two. */
  fftLength: number;
  scale: number;
  preEmphasis?: {
    factor: number;
    /** What stands before the window's first sample: its last one, or nothing (y[0] = x[0]). */
    first: "wraps" | "stays";
  };
  /** [frameLength]; rectangular without. */
  taper?: Float64Array;
  spectrum: "power" | "magnitude";
  /**
   * "single": step 3 may be computed in float32. Its error is even over all bins, about 1e-7 of the largest: twice as fast,
   * for bins that lie far below the largest one do not matter. Without, each bin keeps its digits.
   */
  precision?: "single";
  gain: number;
  bank?: FilterBank;
  logarithm?: {
    /** ln(max(x, floor) + offset), or 10·log10 of it. */
    kind: "ln" | "dB";
    floor: number;
    offset: number;
    slope: number;
    shift: number;
    low: number;
    high: number;
    /** 0 = not rounded. */
    steps: number;
  };
  /** Row-major [coefficients, bands]. */
  transform?: { coefficients: number; matrix: Float64Array };
  /** The first output becomes ln(max(Σ of the spectrum of step 3, floor)): the frame's energy, in place of c0. */
  energyFirst?: { floor: number };
}

/** Weights over neighbouring bins, band by band. */
export interface FilterBank {
  /** The first bin of each band. */
  starts: Int32Array;
  /** Where each band's weights begin in `weights`; one more than there are bands. */
  offsets: Int32Array;
  weights: Float64Array;
}

/** Follows a FramePlan over the samples of one channel. One kernel must not be used from two places at once. */
export interface FrameKernel {
  /** Numbers for each frame: coefficients, else bands, else bins. */
  readonly outputs: number;
  /** "wasm" or "typescript": what does the work. */
  readonly engine: "wasm" | "typescript";
  /**
   * Frames first … first + count − 1, each `outputs` numbers, one after the other.
   * @param samples of the whole window, one channel, without gaps
   */
  compute(samples: Float32Array, first: number, count: number, out: Float32Array, offset: number): void;
}
