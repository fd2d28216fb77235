import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cachedPackage } from "../../scripts/lib/npm-cache.ts";

/** |X[k]|² of N real numbers, k = 0 … N/2. */
export type Power = (x: Float32Array, out: Float64Array) => void;

/** An FFT from npm. */
export interface Peer {
  name: string;
  /** Makes it ready for N numbers. */
  make(length: number): Power;
}

const require = createRequire(import.meta.url);

/** What a package is called, and where it lies in the cache. */
function place(spec: string): { spec: string; name: string; folder: string } {
  const name = spec.replace(/^@\w+\//, "").replace(/@(?=[\d.]+$)/, " ");
  return { spec, name, folder: join("bench-peers", name.replace(" ", "-")) };
}

/** The fastest of them. */
export const PFFFT = place("@echogarden/pffft-wasm@0.4.2");

/** What is installed on demand, beside the project: its own `npm install` stays as small as it is. */
const PACKAGES: readonly [typeof PFFFT, load: (folder: string, name: string) => Promise<Peer>][] = [
  [PFFFT, pffft],
  [place("@echogarden/kissfft-wasm@0.2.0"), kissFft],
  [place("fft.js@4.0.4"), fftJs],
  [place("fourier-transform@2.5.0"), fourierTransform],
];

/** The FFTs that can be had; the notes say which could not. */
export async function javascriptPeers(): Promise<{ peers: Peer[]; notes: string[] }> {
  const peers: Peer[] = [];
  const notes: string[] = [];
  for (const [{ spec, folder, name }, load] of PACKAGES) {
    try {
      peers.push(await load(cachedPackage(folder, spec), name));
    } catch (error) {
      notes.push(`${name} cannot be had: ${(error as Error).message.split("\n")[0]}`);
    }
  }
  return { peers, notes };
}

/** What a C library compiled by Emscripten gives. */
interface Emscripten {
  HEAPF32: Float32Array;
  _malloc(bytes: number): number;
}

async function emscripten<T extends Emscripten>(file: string): Promise<T> {
  const { default: start } = (await import(pathToFileURL(file).href)) as { default: () => Promise<T> };
  return start();
}

interface Pffft extends Emscripten {
  _pffft_new_setup(length: number, complex: number): number;
  _pffft_aligned_malloc(bytes: number): number;
  _pffft_transform_ordered(setup: number, input: number, output: number, work: number, backward: number): void;
}

/** PFFFT in C (Pommier), compiled to WebAssembly with SIMD; float32. */
async function pffft(folder: string, name: string): Promise<Peer> {
  const c = await emscripten<Pffft>(join(folder, "dist/simd/pffft.js"));
  return {
    name,
    make(length) {
      const setup = c._pffft_new_setup(length, 0);
      const [from, to, work] = [0, 1, 2].map(() => c._pffft_aligned_malloc(4 * length)) as [number, number, number];
      const input = c.HEAPF32.subarray(from / 4, from / 4 + length);
      // The real numbers X[0] and X[N/2], then the others.
      const output = c.HEAPF32.subarray(to / 4, to / 4 + length);
      return (x, out) => {
        input.set(x);
        c._pffft_transform_ordered(setup, from, to, work, 0);
        squares(output, out, length);
        out[0] = output[0]! * output[0]!;
        out[length / 2] = output[1]! * output[1]!;
      };
    },
  };
}

interface KissFft extends Emscripten {
  _kiss_fftr_alloc(length: number, inverse: number, memory: number, size: number): number;
  _kiss_fftr(setup: number, input: number, output: number): void;
}

/** KISS FFT in C, compiled to WebAssembly; float32. */
async function kissFft(folder: string, name: string): Promise<Peer> {
  const c = await emscripten<KissFft>(join(folder, "kissfft.js"));
  return {
    name,
    make(length) {
      const setup = c._kiss_fftr_alloc(length, 0, 0, 0);
      const from = c._malloc(4 * length);
      const to = c._malloc(4 * (length + 2));
      const input = c.HEAPF32.subarray(from / 4, from / 4 + length);
      const output = c.HEAPF32.subarray(to / 4, to / 4 + length + 2);
      return (x, out) => {
        input.set(x);
        c._kiss_fftr(setup, from, to);
        squares(output, out, length + 2);
      };
    },
  };
}

interface FftJs {
  createComplexArray(): number[];
  realTransform(out: number[], x: Float32Array): void;
}

async function fftJs(folder: string, name: string): Promise<Peer> {
  const Fft = require(folder) as new (length: number) => FftJs;
  return {
    name,
    make(length) {
      const fft = new Fft(length);
      const output = fft.createComplexArray();
      return (x, out) => {
        fft.realTransform(output, x);
        squaresOfList(output, out, length + 2);
      };
    },
  };
}

async function fourierTransform(folder: string, name: string): Promise<Peer> {
  const { fft } = (await import(pathToFileURL(join(folder, "index.js")).href)) as {
    fft(x: Float32Array): [Float64Array, Float64Array];
  };
  return {
    name,
    make: () => (x, out) => {
      const [re, im] = fft(x);
      for (let k = 0; k < out.length; k++) out[k] = re[k]! * re[k]! + im[k]! * im[k]!;
    },
  };
}

/**
 * |X|² of real part, imaginary part, … One function for each type of array: one for both would be slow for both.
 * @param numbers how many of them
 */
function squares(spectrum: Float32Array, out: Float64Array, numbers: number): void {
  for (let i = 0, k = 0; i < numbers; i += 2, k++) {
    out[k] = spectrum[i]! * spectrum[i]! + spectrum[i + 1]! * spectrum[i + 1]!;
  }
}

function squaresOfList(spectrum: number[], out: Float64Array, numbers: number): void {
  for (let i = 0, k = 0; i < numbers; i += 2, k++) {
    out[k] = spectrum[i]! * spectrum[i]! + spectrum[i + 1]! * spectrum[i + 1]!;
  }
}
