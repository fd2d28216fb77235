/** Blocks that make a picture of short frames: Spectrogram, MFE, MFCC, Log-mel. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { type BlockPlan, chooseBlock } from "../../nodes/lib/dsp/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface Case {
  name: string;
  block: string;
  options: object;
  shape: [frames: number, bins: number];
  features: number[];
}
interface Golden {
  rate: number;
  pcm: number[];
  logMel: Case[];
  edgeImpulse: Case[];
}
/** test/golden/blocks/make_audio.py */
export const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/blocks/audio.json"), "utf8")) as Golden;

export function planOf(block: string, options: object, samples: number, rate?: number, channels = ["a"]): BlockPlan {
  const { block: chosen, recipe } = chooseBlock(block, options);
  return chosen.plan({ samples, channels, ...(rate === undefined ? {} : { rate }) }, recipe.options);
}

export function compute(plan: BlockPlan, window: Float32Array): Float32Array {
  const out = new Float32Array(plan.names.length + 2).fill(-7);
  plan.compute(window, out, 1, { start: 0, end: 0 });
  // Nothing is written beside its own place.
  expect([out[0], out.at(-1)]).toEqual([-7, -7]);
  return out.slice(1, -1);
}

/** The largest difference relative to the value itself; `from` is the least that it is taken relative to. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>, from = 0): number {
  expect(got.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i]! - expected[i]!);
    // NaN counts as infinitely wrong.
    if (difference !== 0)
      most = Math.max(most, difference >= 0 ? difference / Math.max(Math.abs(expected[i]!), from) : Infinity);
  }
  return most;
}

/** Samples in the range ±1 from a seed: a linear congruential generator, so that every run has the same. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const EI = resolve(ROOT, "../shared/data/ei-dsp-golden");
export const edgeImpulseMissing = !existsSync(join(EI, "cases.jsonl"));
if (edgeImpulseMissing)
  console.warn(`SKIPPED: audio blocks against Edge Impulse's reference, because ${EI} is not there`);

interface EdgeImpulseCase {
  id: string;
  implementation_version: number;
  input: string;
  params: Record<string, number>;
  output_config: { shape: { width: number; height: number } };
  features: number[];
}

/** Features of one of the given cases, ours and theirs. A case of several axes uses the first one. */
export function edgeImpulseCase(block: string, id: string): { got: Float32Array; expected: number[] } {
  const lines = readFileSync(join(EI, "cases.jsonl"), "utf8").split("\n");
  const one = JSON.parse(lines.find((line) => line.includes(`"${id}"`))!) as EdgeImpulseCase;
  const { inputs } = JSON.parse(readFileSync(join(EI, "inputs.json"), "utf8")) as {
    inputs: Record<string, { fs: number; axes: string[]; data: number[] }>;
  };
  const { fs, axes, data } = inputs[one.input]!;
  const samples = Float32Array.from(data.filter((_, i) => i % axes.length === 0));
  const p = one.params;
  const options: Record<string, number | string | undefined> = {
    frameLength: p.frame_length,
    frameStride: p.frame_stride,
    fftLength: p.fft_length,
    noiseFloor: p.noise_floor_db,
    filters: p.num_filters,
    lowFrequency: p.low_frequency,
    highFrequency: p.high_frequency,
    coefficients: p.num_cepstral,
    // The mfe block has it among its parameters, and does not use it.
    normalisationWindow: block === "mfcc" ? p.win_size : undefined,
    preEmphasis: p.pre_cof,
    implementation: String(one.implementation_version),
  };
  for (const key of Object.keys(options)) if (options[key] === undefined) delete options[key];
  const plan = planOf(block, options, samples.length, fs);
  expect(plan.shape).toEqual([one.output_config.shape.width, one.output_config.shape.height]);
  return { got: compute(plan, samples), expected: one.features };
}
