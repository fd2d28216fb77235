import { RealFft } from "../math/real-fft.js";
import type { FilterBank, FrameKernel, FramePlan } from "./frame-plan.js";

/**
 * Follows a FramePlan in float64: the fallback where there is no WebAssembly, and the oracle for the other kernels.
 * A frame that holds a sample which is not finite has no spectrum: all its outputs are NaN.
 */
export class TypeScriptKernel implements FrameKernel {
  readonly engine = "typescript";
  readonly outputs: number;
  readonly #plan: FramePlan;
  readonly #fft: RealFft;
  /** scale · taper */
  readonly #weights: Float64Array;
  /** One frame; the zeros behind it stay. */
  readonly #frame: Float64Array;
  readonly #spectrum: Float64Array;
  /** What the logarithm is taken of; the spectrum itself without a filter bank. */
  readonly #values: Float64Array;

  constructor(plan: FramePlan) {
    this.#plan = plan;
    this.#fft = new RealFft(plan.fftLength);
    this.#weights = Float64Array.from({ length: plan.frameLength }, (_, i) => plan.scale * (plan.taper?.[i] ?? 1));
    this.#frame = new Float64Array(plan.fftLength);
    this.#spectrum = new Float64Array(this.#fft.bins);
    this.#values = plan.bank ? new Float64Array(plan.bank.starts.length) : this.#spectrum;
    this.outputs = plan.transform?.coefficients ?? this.#values.length;
  }

  /** @throws RangeError when the window ends before the last frame does */
  compute(samples: Float32Array, first: number, count: number, out: Float32Array, offset: number): void {
    const { stride, frameLength } = this.#plan;
    if (count > 0 && (first + count - 1) * stride + frameLength > samples.length) {
      throw new RangeError(`frame ${first + count - 1} ends after the ${samples.length} samples`);
    }
    for (let i = 0; i < count; i++) this.#computeFrame(samples, (first + i) * stride, out, offset + i * this.outputs);
  }

  #computeFrame(samples: Float32Array, from: number, out: Float32Array, offset: number): void {
    const { bank, transform, energyFirst } = this.#plan;
    this.#fill(samples, from);
    const spectrum = this.#spectrum;
    this.#fft.power(this.#frame, spectrum);
    // X[0] is the sum of all: it is finite only if each of them is.
    if (!Number.isFinite(spectrum[0]!)) {
      out.fill(Number.NaN, offset, offset + this.outputs);
      return;
    }
    this.#shape();
    const energy = energyFirst ? Math.log(Math.max(sum(spectrum), energyFirst.floor)) : 0;
    const values = this.#values;
    if (bank) applyBank(bank, spectrum, values);
    this.#compress(values);
    if (transform) multiply(transform, values, out, offset);
    else for (let i = 0; i < values.length; i++) out[offset + i] = values[i]!;
    if (energyFirst) out[offset] = energy;
  }

  /** Steps 1 and 2: scale, pre-emphasis, taper. */
  #fill(samples: Float32Array, from: number): void {
    const frame = this.#frame;
    const weights = this.#weights;
    const { preEmphasis } = this.#plan;
    if (!preEmphasis) {
      weigh(samples, from, weights, frame);
      return;
    }
    const { factor, first } = preEmphasis;
    let before = 0;
    if (from > 0) before = samples[from - 1]!;
    else if (first === "wraps") before = samples[samples.length - 1]!;
    for (let i = 0; i < weights.length; i++) {
      const x = samples[from + i]!;
      frame[i] = weights[i]! * (x - factor * before);
      before = x;
    }
  }

  /** The end of step 3: magnitude, gain. */
  #shape(): void {
    const { spectrum: kind, gain } = this.#plan;
    const spectrum = this.#spectrum;
    if (kind === "magnitude") for (let k = 0; k < spectrum.length; k++) spectrum[k] = Math.sqrt(spectrum[k]!) * gain;
    else if (gain !== 1) for (let k = 0; k < spectrum.length; k++) spectrum[k] = spectrum[k]! * gain;
  }

  /** Step 5, in place. */
  #compress(values: Float64Array): void {
    const { logarithm } = this.#plan;
    if (!logarithm) return;
    const { kind, floor, offset, shift, low, high, steps } = logarithm;
    const slope = kind === "dB" ? logarithm.slope * (10 / Math.LN10) : logarithm.slope;
    for (let i = 0; i < values.length; i++) {
      const value = slope * Math.log(Math.max(values[i]!, floor) + offset) + shift;
      values[i] = Math.min(Math.max(value, low), high);
    }
    if (steps > 0) for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]! * steps) / steps;
  }
}

/** By fours: this loop is as long as half of the FFT, and most of its time was the loop itself. */
function weigh(samples: Float32Array, from: number, weights: Float64Array, out: Float64Array): void {
  const length = weights.length;
  let i = 0;
  for (let at = from; i + 3 < length; i += 4, at += 4) {
    out[i] = weights[i]! * samples[at]!;
    out[i + 1] = weights[i + 1]! * samples[at + 1]!;
    out[i + 2] = weights[i + 2]! * samples[at + 2]!;
    out[i + 3] = weights[i + 3]! * samples[at + 3]!;
  }
  for (; i < length; i++) out[i] = weights[i]! * samples[from + i]!;
}

function applyBank({ starts, offsets, weights }: FilterBank, spectrum: Float64Array, out: Float64Array): void {
  for (let band = 0; band < starts.length; band++) {
    const end = offsets[band + 1]!;
    let total = 0;
    for (let w = offsets[band]!, k = starts[band]!; w < end; w++, k++) total += weights[w]! * spectrum[k]!;
    out[band] = total;
  }
}

function multiply(
  { coefficients, matrix }: NonNullable<FramePlan["transform"]>,
  values: Float64Array,
  out: Float32Array,
  offset: number,
): void {
  const length = values.length;
  const even = length & ~1;
  for (let c = 0, at = 0; c < coefficients; c++) {
    // Two sums: an addition need not wait for the one before.
    let first = 0;
    let second = 0;
    for (let i = 0; i < even; i += 2, at += 2) {
      first += matrix[at]! * values[i]!;
      second += matrix[at + 1]! * values[i + 1]!;
    }
    if (even < length) first += matrix[at++]! * values[even]!;
    out[offset + c] = first + second;
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
