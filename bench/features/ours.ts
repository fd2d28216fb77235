import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Dsp from "../../nodes/lib/dsp/index.ts";
import type * as Kernels from "../../nodes/lib/dsp/kernels/index.ts";
import type { Frame } from "../../nodes/lib/index.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import type { Candidate } from "./race.ts";

const require = createRequire(import.meta.url);
const DSP = join(ROOT, "dist/lib/dsp");

/** A module of the compiled library that its index does not export. */
export function inside<T>(path: string): T {
  return require(join(DSP, path)) as T;
}

/**
 * The features as a machine without WebAssembly computes them: a second copy of them, loaded while there is none.
 * @throws Error when they use WebAssembly all the same
 */
export function withoutWebAssembly(): typeof Dsp {
  const loaded = Object.entries(require.cache).filter(([file]) => file.startsWith(DSP));
  const { WebAssembly } = globalThis;
  try {
    for (const [file] of loaded) delete require.cache[file];
    Reflect.deleteProperty(globalThis, "WebAssembly");
    const copy = inside<typeof Dsp>("index.js");
    // It looks for WebAssembly when it is first needed: now.
    const plan: Kernels.FramePlan = {
      frameLength: 64,
      stride: 64,
      fftLength: 64,
      scale: 1,
      spectrum: "power",
      gain: 1,
    };
    const { engine } = inside<typeof Kernels>("kernels/index.js").frameKernel(plan);
    if (engine !== "typescript") throw new Error(`The features run in ${engine}, not in TypeScript`);
    return copy;
  } finally {
    globalThis.WebAssembly = WebAssembly;
    for (const file of Object.keys(require.cache)) if (file.startsWith(DSP)) delete require.cache[file];
    Object.assign(require.cache, Object.fromEntries(loaded));
  }
}

/** A window that stands by itself. @param data row-major [samples, channels] */
export function windowOf(data: Float32Array, channels: number, rate: number): Frame {
  const samples = data.length / channels;
  return {
    data,
    info: {
      kind: "window",
      shape: [samples, channels],
      names: Object.freeze(Array.from({ length: channels }, (_, i) => `c${i}`)) as string[],
      rate,
      stream: "bench",
      seq: 0,
      start: 0,
      end: ((samples - 1) * 1000) / rate,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
    },
  };
}

/** Our features of a window, as `edge-features` computes them. */
export function features(
  name: string,
  { FeatureExtractor }: Pick<typeof Dsp, "FeatureExtractor">,
  blocks: readonly Dsp.BlockChoice[],
  window: Frame,
): Candidate {
  const extractor = new FeatureExtractor(blocks);
  return {
    name,
    result: () => extractor.extract(window).data,
    run(count) {
      for (let i = 0; i < count; i++) extractor.extract(window);
    },
  };
}

/** Numbers that look like a signal: two tones and noise, different in each channel; the same in each run. */
export function signal(samples: number, channels: number, rate: number): Float32Array {
  let seed = 1;
  const noise = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
  return Float32Array.from({ length: samples * channels }, (_, i) => {
    const turns = Math.floor(i / channels) / rate;
    const low = Math.sin(2 * Math.PI * turns * rate * 0.023 * (1 + (i % channels)));
    const high = 0.3 * Math.sin(2 * Math.PI * turns * rate * 0.17);
    return 0.2 + 0.4 * low + high + 0.2 * noise();
  });
}
