import { afterEach, describe, expect, it, vi } from "vitest";
import type { FrameKernel, FramePlan } from "../../../../nodes/lib/dsp/kernels/frame-plan.ts";
import { frameKernel } from "../../../../nodes/lib/dsp/kernels/index.ts";
import { TypeScriptKernel } from "../../../../nodes/lib/dsp/kernels/typescript-kernel.ts";
import { WasmKernel } from "../../../../nodes/lib/dsp/kernels/wasm-kernel.ts";
import { Random } from "../../../../nodes/lib/simulate/random.ts";
import { goldenCases } from "./golden.ts";

function wasm(plan: FramePlan): WasmKernel {
  const kernel = WasmKernel.for(plan);
  if (!kernel) throw new Error("no WebAssembly for this plan");
  return kernel;
}

function frames(kernel: FrameKernel, samples: Float32Array, first: number, count: number): Float32Array {
  const out = new Float32Array(count * kernel.outputs);
  kernel.compute(samples, first, count, out, 0);
  return out;
}

/** The largest difference of each frame over the frame's largest number, the worst frame. */
function worst(got: Float32Array, wanted: ArrayLike<number>, outputs: number): number {
  let result = 0;
  for (let from = 0; from < wanted.length; from += outputs) {
    let largest = 1e-30;
    let gap = 0;
    for (let i = from; i < from + outputs; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]!));
      gap = Math.max(gap, Math.abs(got[i]! - wanted[i]!));
      if (Number.isNaN(got[i]!)) gap = Number.POSITIVE_INFINITY;
    }
    result = Math.max(result, gap / largest);
  }
  return result;
}

const RATE = 16000;
const random = new Random(5, "kernel");
const tone = (hertz: number) => (_: unknown, i: number) => Math.sin((2 * Math.PI * hertz * i) / RATE);
const SIGNALS: Record<string, Float32Array> = {
  "a tone in noise": Float32Array.from({ length: 4000 }, (_, i) => 0.3 * tone(440)(_, i) + 0.02 * random.normal()),
  "a tone alone": Float32Array.from({ length: 4000 }, tone(1234.5)),
  "16-bit sound": Float32Array.from({ length: 4000 }, (_, i) =>
    Math.round(9000 * tone(150)(_, i) * tone(3)(_, i) + 900 * tone(2900)(_, i) + 30 * random.normal()),
  ),
  "clipped 16-bit sound": Float32Array.from({ length: 4000 }, (_, i) =>
    Math.max(-32768, Math.min(32767, Math.round(90000 * tone(200)(_, i)))),
  ),
  "an offset far above the signal": Float32Array.from({ length: 4000 }, () => 30000 + 10 * random.normal()),
  "silence, then a click": Float32Array.from({ length: 4000 }, (_, i) => (i === 3000 ? 1 : 0)),
  "a constant": new Float32Array(4000).fill(0.1),
};

function triangles(bands: number, bins: number): FramePlan["bank"] {
  const edge = (i: number): number => Math.round((bins - 1) * (i / (bands + 1)) ** 1.7);
  const starts: number[] = [];
  const offsets = [0];
  const weights: number[] = [];
  for (let band = 0; band < bands; band++) {
    const [low, middle, high] = [edge(band), Math.max(edge(band + 1), edge(band) + 1), edge(band + 2) + 1];
    starts.push(low);
    for (let k = low; k < Math.min(high, bins); k++) {
      weights.push(k < middle ? (k - low + 0.5) / (middle - low + 0.5) : (high - k) / (high - middle));
    }
    offsets.push(weights.length);
  }
  return {
    starts: Int32Array.from(starts),
    offsets: Int32Array.from(offsets),
    weights: Float64Array.from(weights),
  };
}

const hann = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
const cosines = (coefficients: number, bands: number): FramePlan["transform"] => ({
  coefficients,
  matrix: Float64Array.from({ length: coefficients * bands }, (_, i) =>
    Math.cos((Math.PI * Math.floor(i / bands) * ((i % bands) + 0.5)) / bands),
  ),
});

const LINEAR: Record<string, FramePlan> = {};
for (const fftLength of [16, 32, 64, 128, 256, 512, 1024, 2048]) {
  const frameLength = Math.round(fftLength * 0.9);
  const plan: FramePlan = { frameLength, stride: 100, fftLength, scale: 1, spectrum: "power", gain: 1 };
  LINEAR[`FFT ${fftLength}`] = plan;
  LINEAR[`FFT ${fftLength}, all`] = {
    ...plan,
    scale: 1 / 32768,
    taper: hann(frameLength),
    preEmphasis: { factor: 0.97, first: fftLength % 3 === 1 ? "wraps" : "stays" },
    spectrum: "magnitude",
    gain: 2 / fftLength,
    bank: triangles(Math.min(39, Math.ceil(fftLength / 8)), fftLength / 2 + 1)!,
  };
}
const signals = Object.entries(SIGNALS);

describe("against numpy", () => {
  it.each(goldenCases().filter(({ plan }) => plan.fftLength >= 16))("$name", (golden) => {
    const { plan, samples, first, count, outputs } = golden;
    const kernel = wasm(plan);
    expect(worst(frames(kernel, samples, first, count), outputs, kernel.outputs)).toBeLessThan(3e-7);
  });
});

describe.each(Object.entries(LINEAR))("against the oracle, %s", (_, plan) => {
  it.each(signals)("%s: within 3e-7 of the frame's largest number", (_name, samples) => {
    const oracle = new TypeScriptKernel(plan);
    const count = Math.floor((samples.length - plan.frameLength) / plan.stride) + 1;
    const wanted = frames(oracle, samples, 0, count);
    expect(worst(frames(wasm(plan), samples, 0, count), wanted, oracle.outputs)).toBeLessThan(3e-7);
  });
});

const MEL: FramePlan = {
  frameLength: 480,
  stride: 320,
  fftLength: 512,
  scale: 1 / 32768,
  taper: hann(480),
  spectrum: "power",
  gain: 1,
  bank: triangles(40, 257)!,
};
const LN = {
  kind: "ln",
  floor: 0,
  offset: 1e-9,
  slope: 1,
  shift: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  steps: 0,
} as const;
const DB = { ...LN, kind: "dB", floor: 1e-30, offset: 0, slope: 1 / 64, shift: 52 / 64, low: 0, high: 1 } as const;
const COUNT = Math.floor((4000 - 480) / 320) + 1;

describe("the logarithm", () => {
  it.each(signals)("of %s is right to 5e-7, and float32's last digit, however quiet the band", (_, samples) => {
    const got = frames(wasm({ ...MEL, logarithm: LN }), samples, 0, COUNT);
    const wanted = frames(new TypeScriptKernel({ ...MEL, logarithm: LN }), samples, 0, COUNT);
    for (let i = 0; i < got.length; i++) {
      expect(Math.abs(got[i]! - wanted[i]!)).toBeLessThan(5e-7 + 2 ** -23 * Math.abs(wanted[i]!));
    }
  });

  it.each(signals)("of %s, in decibels and clipped", (_, samples) => {
    const plan = { ...MEL, logarithm: { ...DB, low: 0.1, high: 0.9 } };
    const got = frames(wasm(plan), samples, 0, COUNT);
    const wanted = frames(new TypeScriptKernel(plan), samples, 0, COUNT);
    expect(worst(got, wanted, got.length)).toBeLessThan(2e-7);
    expect(Math.min(...got)).toBeGreaterThanOrEqual(Math.fround(0.1));
    expect(Math.max(...got)).toBeLessThanOrEqual(Math.fround(0.9));
  });

  it.each(signals)("of %s, rounded to steps, gives the oracle's very cells", (_, samples) => {
    // Of a million steps, one in fifteen lies near the middle of two.
    for (const steps of [256, 1000, 7, 1e6]) {
      const plan = { ...MEL, logarithm: { ...DB, steps } };
      expect(frames(wasm(plan), samples, 0, COUNT)).toEqual(frames(new TypeScriptKernel(plan), samples, 0, COUNT));
    }
  });

  it("is right for all sizes of numbers", () => {
    // A frame of one impulse has a flat spectrum: its square.
    const plan: FramePlan = { frameLength: 32, stride: 32, fftLength: 32, scale: 1, spectrum: "power", gain: 1 };
    const kernel = wasm({ ...plan, logarithm: { ...LN, offset: 0 } });
    for (let exponent = -9; exponent < 18; exponent += 0.01) {
      const samples = new Float32Array(32);
      samples[0] = 10 ** exponent;
      const wanted = 2 * Math.log(samples[0]!);
      const tolerance = 3e-7 + 2 ** -23 * Math.abs(wanted);
      for (const got of frames(kernel, samples, 0, 1)) expect(Math.abs(got - wanted)).toBeLessThan(tolerance);
    }
  });
});

describe.each([64, 128, 256, 512, 1024, 2048, 4096])("in single precision, FFT %d", (fftLength) => {
  const frameLength = Math.round(fftLength * 0.9);
  const common: FramePlan = {
    ...MEL,
    precision: "single",
    frameLength,
    fftLength,
    taper: hann(frameLength),
    stride: 100,
  };
  const count = Math.max(1, Math.floor((4000 - fftLength) / 100));
  const sound = (samples: Float32Array): Float32Array =>
    Float32Array.from({ length: 4200 }, (_, i) => samples[i % samples.length]!);

  it.each(signals)("%s: bins and bands within 1e-6 of the frame's largest number", (_, samples) => {
    const { bank: _bank, ...bins } = common;
    const bands = { ...common, bank: triangles(Math.ceil(fftLength / 16), fftLength / 2 + 1)! };
    for (const plan of [bins, bands]) {
      for (const more of [{}, { spectrum: "magnitude", gain: 2 / fftLength }, { gain: 1e-3 }] as const) {
        const oracle = new TypeScriptKernel({ ...plan, ...more });
        const wanted = frames(oracle, sound(samples), 0, count);
        const got = frames(wasm({ ...plan, ...more }), sound(samples), 0, count);
        expect(worst(got, wanted, oracle.outputs)).toBeLessThan(1e-6);
      }
    }
  });

  it.each(signals)("%s: logarithms of bands within 60 dB of the loudest are right to 1e-4", (_, samples) => {
    const bank = triangles(Math.ceil(fftLength / 16), fftLength / 2 + 1)!;
    for (const spectrum of ["power", "magnitude"] as const) {
      const plan: FramePlan = { ...common, bank, spectrum, logarithm: { ...LN, offset: 0, low: -100 } };
      const outputs = bank.starts.length;
      const got = frames(wasm(plan), sound(samples), 0, count);
      const wanted = frames(new TypeScriptKernel(plan), sound(samples), 0, count);
      const range = Math.log(spectrum === "power" ? 1e6 : 1e3);
      for (let from = 0; from < wanted.length; from += outputs) {
        const least = Math.max(...wanted.subarray(from, from + outputs)) - range;
        for (let i = from; i < from + outputs; i++) {
          if (wanted[i]! >= least) expect(Math.abs(got[i]! - wanted[i]!)).toBeLessThan(1e-4);
        }
      }
    }
  });
});

it("a pre-emphasis, and lengths that single precision is not for, are computed in float64", () => {
  const samples = SIGNALS["an offset far above the signal"]!;
  for (const more of [
    { preEmphasis: { factor: 0.98, first: "wraps" } },
    { fftLength: 32, frameLength: 32, taper: hann(32), bank: triangles(5, 17)! },
  ] as const) {
    const single = frames(wasm({ ...MEL, ...more, precision: "single" }), samples, 0, COUNT);
    expect(single).toEqual(frames(wasm({ ...MEL, ...more }), samples, 0, COUNT));
  }
});

describe("the transform", () => {
  it.each([1, 3, 4, 10, 13, 40])("of %d coefficients, with the energy first and without", (coefficients) => {
    const samples = SIGNALS["16-bit sound"]!;
    const plan: FramePlan = { ...MEL, logarithm: LN, transform: cosines(coefficients, 40)! };
    for (const whole of [plan, { ...plan, energyFirst: { floor: 1e-10 } }]) {
      const got = frames(wasm(whole), samples, 0, COUNT);
      const wanted = frames(new TypeScriptKernel(whole), samples, 0, COUNT);
      expect(worst(got, wanted, coefficients)).toBeLessThan(1e-6);
    }
  });

  it("works without a bank and a logarithm", () => {
    const { bank: _, ...plan } = { ...MEL, transform: cosines(5, 257)! };
    const samples = SIGNALS["a tone in noise"]!;
    const wanted = frames(new TypeScriptKernel(plan), samples, 0, COUNT);
    expect(worst(frames(wasm(plan), samples, 0, COUNT), wanted, 5)).toBeLessThan(1e-6);
  });
});

const PLANS: Record<string, FramePlan> = {
  "mel bands": MEL,
  "log-mel": { ...MEL, logarithm: LN },
  "log-mel in single precision": { ...MEL, precision: "single", logarithm: LN },
  "magnitudes in single precision": { ...MEL, precision: "single", spectrum: "magnitude" },
  "steps, with a pre-emphasis": {
    ...MEL,
    preEmphasis: { factor: 0.98, first: "wraps" },
    logarithm: { ...DB, steps: 256 },
  },
  cepstrum: { ...MEL, logarithm: LN, transform: cosines(13, 40)!, energyFirst: { floor: 1e-10 } },
};

describe.each(Object.entries(PLANS))("%s", (_, plan) => {
  const sound = Float32Array.from({ length: 480 + 99 * 320 }, (_, i) => SIGNALS["16-bit sound"]![i % 4000]!);

  it("gives a frame the same bits alone, in a batch, and in one of any length", () => {
    const kernel = wasm(plan);
    const all = frames(kernel, sound, 0, 100);
    for (const [first, count] of [
      [0, 1],
      [99, 1],
      [5, 31],
      [5, 32],
      [5, 33],
      [17, 64],
      [0, 100],
    ] as const) {
      const part = frames(kernel, sound, first, count);
      expect(part).toEqual(all.slice(first * kernel.outputs, (first + count) * kernel.outputs));
    }
  });

  it("writes where it is told and nowhere else", () => {
    const kernel = wasm(plan);
    for (const count of [1, 32, 40]) {
      const out = new Float32Array(count * kernel.outputs + 9).fill(7);
      kernel.compute(sound, 3, count, out, 4);
      expect(out.slice(4, -5)).toEqual(frames(kernel, sound, 3, count));
      expect([...out.slice(0, 4), ...out.slice(-5)]).toEqual(new Array(9).fill(7));
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "a sample that is %d makes its frames NaN, and no other, then or later",
    (wrong) => {
      const kernel = wasm(plan);
      const clean = frames(kernel, sound, 0, 20);
      // In two frames, in one, the last of a frame, the first behind one: in the FFT, but not in the frame.
      for (const place of [2000, 2200, 2399, 2400, 2415]) {
        const spoiled = sound.slice();
        spoiled[place] = wrong;
        const got = frames(kernel, spoiled, 0, 20);
        const wanted = clean.map((value, i) => {
          const start = Math.floor(i / kernel.outputs) * 320;
          // The pre-emphasis reads one sample before the frame.
          const hit = start - (plan.preEmphasis ? 1 : 0) <= place && place < start + 480;
          return hit ? Number.NaN : value;
        });
        expect(got).toEqual(wanted);
        expect(frames(kernel, sound, 0, 20)).toEqual(clean);
      }
    },
  );

  it.each([1e-44, 1e-30, 1e-18, 1e-12, 1e12, 1e17, 1e30])(
    "samples of the order of %d give the oracle's numbers",
    (size) => {
      const samples = Float32Array.from(
        { length: 1500 },
        (_, i) => size * tone(700)(_, i) + size * 0.1 * random.normal(),
      );
      const loud = { ...plan, scale: 1 };
      const got = frames(wasm(loud), samples, 0, 4);
      const wanted = frames(new TypeScriptKernel(loud), samples, 0, 4);
      if (wanted.every(Number.isFinite)) expect(worst(got, wanted, got.length / 4)).toBeLessThan(3e-7);
      else expect(got).toEqual(wanted);
    },
  );

  it("refuses frames that the window does not hold", () => {
    const kernel = wasm(plan);
    expect(() => kernel.compute(new Float32Array(799), 0, 2, new Float32Array(99), 0)).toThrow(RangeError);
    expect(() => kernel.compute(new Float32Array(800), 0, 2, new Float32Array(99), 0)).not.toThrow();
  });
});

it("takes a frame of zeros beside others, with a floor of 0 too", () => {
  const samples = new Float32Array(4000);
  samples.fill(0.5, 2000);
  for (const offset of [0, 1e-6]) {
    const plan = { ...MEL, scale: 1, logarithm: { ...LN, offset, low: -100 } };
    const got = frames(wasm(plan), samples, 0, COUNT);
    expect(got.slice(0, 40)).toEqual(new Float32Array(40).fill(offset === 0 ? -100 : Math.log(1e-6)));
  }
});

describe("the choice of a kernel", () => {
  it("is WebAssembly where it can be", () => {
    expect(frameKernel(MEL).engine).toBe("wasm");
  });

  it.each<[string, Partial<FramePlan>]>([
    ["an FFT shorter than 16", { fftLength: 8, frameLength: 8, taper: hann(8), bank: triangles(2, 5)! }],
    ["a gain that float32 does not hold", { gain: 1e-40 }],
    ["a scale that float32 does not hold", { scale: 1e38 }],
    [
      "a weight that float32 does not hold",
      { bank: { ...triangles(1, 257)!, weights: new Float64Array(257).fill(1e-42) } },
    ],
    ["a bank that leaves the spectrum", { bank: { ...triangles(1, 257)!, starts: Int32Array.of(1) } }],
    ["more memory than a kernel may have", { fftLength: 2 ** 20, frameLength: 2 ** 20, taper: hann(2 ** 20) }],
  ])("is TypeScript for %s", (_, more) => {
    const kernel = frameKernel({ ...MEL, ...more });
    expect(kernel.engine).toBe("typescript");
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each<[string, unknown]>([
    ["no WebAssembly", undefined],
    [
      "WebAssembly without SIMD",
      {
        Module: class {
          constructor() {
            throw new WebAssembly.CompileError("invalid value type 's128'");
          }
        },
      },
    ],
    [
      "no addresses left for another memory",
      {
        Module: WebAssembly.Module,
        Memory: class {
          constructor() {
            throw new RangeError("could not allocate memory");
          }
        },
      },
    ],
  ])("is TypeScript on a machine with %s", async (_, stub) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", stub);
    const fresh = await import("../../../../nodes/lib/dsp/kernels/index.ts");
    expect(fresh.frameKernel(MEL).engine).toBe("typescript");
  });
});
