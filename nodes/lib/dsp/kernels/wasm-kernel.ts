import type { FilterBank, FrameKernel, FramePlan } from "./frame-plan.js";
import { TypeScriptKernel } from "./typescript-kernel.js";
import { WASM } from "./wasm-bytes.js";

/** Frames of one call into the kernel: their samples stay in the processor's nearest memory. */
const FRAMES = 32;
/** Bytes of one kernel's memory. */
const MAX_MEMORY = 8 * 2 ** 20;
/** The first stage of the FFT takes 8 complex points at a time. */
const MIN_FFT = 16;
/** In float32 its last loop takes 8 complex points, and the buffers hold 2048. */
const MIN_SINGLE = 64;
const MAX_SINGLE = 4096;
/** From the real parts to the imaginary ones there, as in assembly/fft-single.ts. */
const IMAGINARY = 8448;
/** Factors and sums between these keep their digits in float32. */
const LEAST = 1e-30;
const MOST = 1e37;
/** The sum of a power spectrum, before the gain, below which float32 may not hold its smaller bins. */
const LEAST_POWER = 1e-20;
/** The same, behind the gain, where the squares themselves are float32. */
const LEAST_SINGLE_POWER = 1e-24;
/** Well above the error of a band's ln: that of its sum and of the polynomial in float32. */
const DOUBT = 1e-6;
/** Outputs up to which a loop is cheaper than a view. */
const SHORT = 256;

/** What `Layout` in assembly/layout.ts holds, in its order: fractions, float64 each. */
const FRACTIONS = [
  "emphasis",
  "gain",
  "least",
  "most",
  "floor",
  "offset",
  "slope",
  "shift",
  "low",
  "high",
  "steps",
  "doubt",
  "energyFloor",
] as const;
/** Then whole numbers, 32 bits each. */
const WHOLE = [
  "samples",
  "stride",
  "frameLength",
  "alone",
  "points",
  "single",
  "weights",
  "emphasised",
  "firstTurns",
  "turns",
  "splits",
  "front",
  "back",
  "spectrum",
  "magnitude",
  "groups",
  "bankWeights",
  "sums",
  "values",
  "logarithm",
  "terms",
  "matrix",
  "coefficients",
  "termCount",
  "energyFirst",
  "out",
  "outStride",
  "doubtful",
] as const;
type Layout = Record<(typeof FRACTIONS)[number] | (typeof WHOLE)[number], number>;

/** One for all kernels; null where there is no WebAssembly with SIMD. */
let compiled: WebAssembly.Module | null | undefined;

/**
 * The module, compiled at its first use.
 * @returns null where this machine has no WebAssembly, or none with SIMD
 */
function kernelModule(): WebAssembly.Module | null {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(Buffer.from(WASM, "base64"));
    } catch {
      // No WebAssembly at all (ReferenceError), or one that does not know SIMD (CompileError).
      compiled = null;
    }
  }
  return compiled;
}

/**
 * Follows a FramePlan in WebAssembly: the FFT and the transform in float64, two numbers at a time, the filter bank and the
 * logarithm's polynomial in float32, four at a time. Against TypeScriptKernel, a spectrum is good to float32's last digit
 * and a natural logarithm to 1e-6 absolutely, however quiet its band is. With the plan's precision "single" the FFT is in
 * float32 as well: .6 of the time, and a spectrum that is good to 1e-6 of its largest number. A frame for which float32 does not do is left to
 * TypeScriptKernel: one with a sample that is not finite, one so loud or so quiet that its power leaves the range, and one
 * where a value lies so near the middle of two `steps` that it could be rounded differently.
 *
 * Each frame is computed by itself, and gives the same bits in whatever call.
 */
export class WasmKernel implements FrameKernel {
  readonly engine = "wasm";
  readonly outputs: number;
  readonly #plan: FramePlan;
  readonly #compute: (count: number) => number;
  /** Frames of one call at most. */
  readonly #frames: number;
  /** The sample before the first, then the samples. */
  readonly #samples: Float32Array;
  readonly #out: Float32Array;
  readonly #doubtful: Uint8Array;
  /** For the frames that need it. */
  #exact: TypeScriptKernel | undefined;

  /** @returns undefined where there is no WebAssembly with SIMD, or the plan is beyond the kernel's limits */
  static for(plan: FramePlan): WasmKernel | undefined {
    const program = kernelModule();
    if (!program || !fits(plan)) return undefined;
    const tables = new Tables(plan);
    if (tables.bytes > MAX_MEMORY) return undefined;
    try {
      return new WasmKernel(plan, program, tables);
    } catch (error) {
      // V8 reserves gigabytes of addresses for each memory, and some machines limit them.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  private constructor(plan: FramePlan, program: WebAssembly.Module, tables: Tables) {
    this.#plan = plan;
    this.outputs = tables.outputs;
    this.#frames = tables.frames;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(tables.bytes / 65536) });
    tables.write(memory.buffer);
    this.#samples = new Float32Array(memory.buffer, tables.at.samples - 4, tables.sampleCount + 1);
    this.#out = new Float32Array(memory.buffer, tables.at.out, tables.frames * tables.outputs);
    this.#doubtful = new Uint8Array(memory.buffer, tables.at.doubtful, tables.frames);
    const { exports } = new WebAssembly.Instance(program, { env: { memory } });
    this.#compute = exports.compute as (count: number) => number;
  }

  /** @throws RangeError when the window ends before the last frame does */
  compute(samples: Float32Array, first: number, count: number, out: Float32Array, offset: number): void {
    const { stride, frameLength } = this.#plan;
    if (count > 0 && (first + count - 1) * stride + frameLength > samples.length) {
      throw new RangeError(`frame ${first + count - 1} ends after the ${samples.length} samples`);
    }
    for (let done = 0; done < count; done += this.#frames) {
      const frames = Math.min(this.#frames, count - done);
      this.#computeFrames(samples, first + done, frames, out, offset + done * this.outputs);
    }
  }

  #computeFrames(samples: Float32Array, first: number, frames: number, out: Float32Array, offset: number): void {
    const { stride, frameLength, preEmphasis } = this.#plan;
    const from = first * stride;
    const inside = this.#samples;
    inside.set(samples.subarray(from, from + (frames - 1) * stride + frameLength), 1);
    if (preEmphasis) {
      if (from > 0) inside[0] = samples[from - 1]!;
      else inside[0] = preEmphasis.first === "wraps" ? samples[samples.length - 1]! : 0;
    }
    const doubtful = this.#compute(frames);
    const results = this.#out;
    const length = frames * this.outputs;
    if (length === results.length) out.set(results, offset);
    else if (length > SHORT) out.set(results.subarray(0, length), offset);
    else for (let i = 0; i < length; i++) out[offset + i] = results[i]!;
    if (doubtful > 0) this.#repair(samples, first, frames, out, offset);
  }

  #repair(samples: Float32Array, first: number, frames: number, out: Float32Array, offset: number): void {
    this.#exact ??= new TypeScriptKernel(this.#plan);
    for (let i = 0; i < frames; i++) {
      if (this.#doubtful[i]) this.#exact.compute(samples, first + i, 1, out, offset + i * this.outputs);
    }
    // What lies behind the last frame is weighed with 0: a NaN that stayed there would make it be computed twice.
    this.#samples.fill(0);
  }
}

/** Whether float32 can hold the plan's numbers, and the bank stays within the spectrum. */
function fits(plan: FramePlan): boolean {
  const { fftLength, scale, gain, logarithm, energyFirst, bank } = plan;
  if (fftLength < MIN_FFT || gain <= 0 || scale === 0) return false;
  if (![scale, gain, logarithm?.floor ?? 0, logarithm?.offset ?? 0, energyFirst?.floor ?? 0].every(held)) return false;
  if (!bank) return true;
  const { starts, offsets, weights } = bank;
  const end = (band: number): number => starts[band]! + offsets[band + 1]! - offsets[band]!;
  return weights.every(held) && starts.every((start, band) => start >= 0 && end(band) <= fftLength / 2 + 1);
}

/**
 * Whether the spectrum is computed in float32. Neighbours that are large and alike would lose digits to a pre-emphasis, and
 * rounding to steps looks at each digit of quiet bands.
 */
function isSingle(plan: FramePlan): boolean {
  const { precision, fftLength, preEmphasis, logarithm } = plan;
  if (precision !== "single" || fftLength < MIN_SINGLE || fftLength > MAX_SINGLE) return false;
  return !preEmphasis && !logarithm?.steps && held(singleFactor(plan));
}

/** What the taper is multiplied by there: the scale, the half of the split, and the gain. */
function singleFactor({ scale, gain, spectrum }: FramePlan): number {
  return 0.5 * scale * (spectrum === "magnitude" ? gain : Math.sqrt(gain));
}

/** Whether a number keeps its digits in float32. */
function held(x: number): boolean {
  return x === 0 || (Math.abs(x) >= LEAST && Math.abs(x) <= MOST);
}

/** The kernel's memory: where each table lies, and what stands in it. */
class Tables {
  readonly at: Layout;
  readonly outputs: number;
  readonly frames: number;
  /** With what the last frame's padding reads. */
  readonly sampleCount: number;
  readonly #plan: FramePlan;
  #end: number;

  constructor(plan: FramePlan) {
    this.#plan = plan;
    const { fftLength, frameLength, stride, gain, bank, transform, logarithm, preEmphasis, energyFirst } = plan;
    const points = fftLength / 2;
    const values = bank ? bank.starts.length : points + 1;
    const padded = 4 * Math.ceil(values / 4);
    const coefficients = 4 * Math.ceil((transform?.coefficients ?? 0) / 4);
    this.outputs = transform ? transform.coefficients : values;
    // A stride much longer than a frame would copy mostly samples that no frame reads.
    this.frames = stride > 4 * fftLength ? 1 : FRAMES;
    this.sampleCount = (this.frames - 1) * stride + fftLength;
    const widths = bank ? groupWidths(bank) : [];
    const magnitude = plan.spectrum === "magnitude";
    const single = isSingle(plan);
    const width = single ? 4 : 8;
    const leastPower = single ? LEAST_SINGLE_POWER : LEAST_POWER;
    const leastLevel = magnitude ? Math.sqrt(leastPower) : leastPower;
    const slope = (logarithm?.slope ?? 1) * (logarithm?.kind === "dB" ? 10 / Math.LN10 : 1);
    this.#end = FRACTIONS.length * 8 + WHOLE.length * 4;
    this.at = {
      emphasis: preEmphasis?.factor ?? 0,
      gain,
      least: Math.max(LEAST, single ? leastLevel : gain * leastLevel),
      most: Math.min(MOST, gain * MOST),
      floor: logarithm?.floor ?? 0,
      offset: logarithm?.offset ?? 0,
      slope,
      shift: logarithm?.shift ?? 0,
      low: logarithm?.low ?? 0,
      high: logarithm?.high ?? 0,
      steps: logarithm?.steps ?? 0,
      doubt: DOUBT * Math.abs(slope) * (logarithm?.steps ?? 0),
      energyFloor: energyFirst?.floor ?? 0,
      samples: this.#reserve(4 * (this.sampleCount + 4)) + 16,
      stride: stride * 4,
      frameLength,
      alone: this.#reserve(4 * (fftLength + 1)),
      points,
      single: single ? 1 : 0,
      weights: this.#reserve(width * fftLength),
      emphasised: preEmphasis ? 1 : 0,
      firstTurns: this.#reserve((width * 6 * points) / 4),
      turns: this.#reserve(width * ((6 * points) / 4 + 8)),
      splits: this.#reserve(width * points),
      front: this.#reserve(single ? IMAGINARY + 4 * points : 8 * 2 * points),
      back: this.#reserve(single ? IMAGINARY + 4 * points : 8 * 2 * points),
      spectrum: this.#reserve(4 * (points + 4 + 4 * Math.max(0, ...widths))),
      magnitude: magnitude ? 1 : 0,
      groups: bank ? this.#reserve(4 * 5 * widths.length) : 0,
      bankWeights: bank ? this.#reserve(4 * 16 * widths.reduce((sum, width) => sum + width, 0)) : 0,
      sums: bank ? this.#reserve(4 * padded) : 0,
      values: padded,
      logarithm: logarithm ? 1 : 0,
      terms: transform ? this.#reserve(8 * padded) : 0,
      matrix: transform ? this.#reserve(8 * coefficients * values) : 0,
      coefficients,
      termCount: values,
      energyFirst: energyFirst ? 1 : 0,
      out: this.#reserve(4 * (this.frames * this.outputs + 4)),
      outStride: this.outputs * 4,
      doubtful: this.#reserve(this.frames),
    };
  }

  get bytes(): number {
    return this.#end;
  }

  write(memory: ArrayBuffer): void {
    const { at } = this;
    const { bank, transform } = this.#plan;
    const whole = new Int32Array(memory);
    const wide = new Float64Array(memory);
    FRACTIONS.forEach((field, i) => {
      wide[i] = at[field];
    });
    WHOLE.forEach((field, i) => {
      whole[2 * FRACTIONS.length + i] = at[field];
    });
    if (at.single) this.#writeSingle(new Float32Array(memory));
    else this.#writeDouble(wide);
    if (bank) this.#writeBank(bank, whole, new Float32Array(memory));
    if (transform) {
      for (let c = 0; c < transform.coefficients; c++) {
        for (let i = 0; i < at.termCount; i++) {
          wide[at.matrix / 8 + i * at.coefficients + c] = transform.matrix[c * at.termCount + i]!;
        }
      }
    }
  }

  /** What the transform in float64 takes. */
  #writeDouble(wide: Float64Array): void {
    const { points, weights, splits } = this.at;
    const { taper, scale, frameLength, fftLength } = this.#plan;
    for (let i = 0; i < frameLength; i++) wide[weights / 8 + i] = scale * (taper?.[i] ?? 1);
    this.#writeTurns(wide, 2);
    for (let k = 0; k < points / 2; k++) {
      const angle = (-2 * Math.PI * k) / fftLength;
      const vectors = splits / 8 + 4 * (k >> 1) + (k & 1);
      wide[vectors] = Math.cos(angle);
      wide[vectors + 2] = Math.sin(angle);
    }
  }

  /** What the transform in float32 takes. */
  #writeSingle(narrow: Float32Array): void {
    const { points, weights, turns, splits } = this.at;
    const { taper, frameLength, fftLength } = this.#plan;
    const factor = singleFactor(this.#plan);
    for (let i = 0; i < frameLength; i++) narrow[weights / 4 + i] = factor * (taper?.[i] ?? 1);
    this.#writeTurns(narrow, 4);
    for (let p = 0; p < 4; p++) {
      const angle = (-2 * Math.PI * p) / 8;
      narrow[turns / 4 + (6 * points) / 4 + 2 * p] = Math.cos(angle);
      narrow[turns / 4 + (6 * points) / 4 + 2 * p + 1] = Math.sin(angle);
    }
    const s = points / 4;
    for (let j = 1; j <= s / 2; j++) {
      [j, j + s, 2 * s - j, s - j].forEach((k, pair) => {
        const angle = (-2 * Math.PI * k) / fftLength;
        const vectors = splits / 4 + 32 * ((j - 1) >> 2) + 8 * pair + ((j - 1) & 3);
        narrow[vectors] = Math.cos(angle);
        narrow[vectors + 4] = Math.sin(angle);
      });
    }
  }

  /** The turns of the stages of radix 4, by themselves and as vectors of so many lanes. */
  #writeTurns(table: Float32Array | Float64Array, lanes: number): void {
    const { points, turns, firstTurns } = this.at;
    const width = table.BYTES_PER_ELEMENT;
    for (let p = 0; p < points / 4; p++) {
      for (let power = 1; power <= 3; power++) {
        const angle = (-2 * Math.PI * p * power) / points;
        const [re, im] = [2 * power - 2, 2 * power - 1];
        table[turns / width + 6 * p + re] = Math.cos(angle);
        table[turns / width + 6 * p + im] = Math.sin(angle);
        const vectors = firstTurns / width + 6 * lanes * Math.floor(p / lanes) + (p % lanes);
        table[vectors + lanes * re] = Math.cos(angle);
        table[vectors + lanes * im] = Math.sin(angle);
      }
    }
  }

  #writeBank(bank: FilterBank, whole: Int32Array, narrow: Float32Array): void {
    const { at } = this;
    let weights = at.bankWeights / 4;
    groupWidths(bank).forEach((width, group) => {
      const row = at.groups / 4 + 5 * group;
      whole[row] = width;
      for (let lane = 0; lane < 4; lane++) {
        const band = bandOf(bank, group, lane);
        const offset = bank.offsets[band]!;
        const length = bank.offsets[band + 1]! - offset;
        whole[row + 1 + lane] = at.spectrum + 4 * bank.starts[band]!;
        for (let i = 0; i < length; i++) {
          narrow[weights + 16 * (i >> 2) + 4 * lane + (i & 3)] = bank.weights[offset + i]!;
        }
      }
      weights += 16 * width;
    });
  }

  /** The address of so many bytes, at a whole vector. */
  #reserve(bytes: number): number {
    const at = Math.ceil(this.#end / 16) * 16;
    this.#end = at + bytes;
    return at;
  }
}

/** For each four bands, the vectors of the widest. */
function groupWidths({ starts, offsets }: FilterBank): number[] {
  const widths = Array.from(starts, (_, band) => Math.ceil((offsets[band + 1]! - offsets[band]!) / 4));
  return Array.from({ length: Math.ceil(widths.length / 4) }, (_, group) =>
    Math.max(...widths.slice(4 * group, 4 * group + 4)),
  );
}

/** What fills the last group repeats the last band: an ordinary number. */
function bandOf({ starts }: FilterBank, group: number, lane: number): number {
  return Math.min(4 * group + lane, starts.length - 1);
}
