import { expect } from "vitest";
import { chooseBlock } from "../../nodes/lib/dsp/index.ts";

export interface BlockRun {
  names: readonly string[];
  channels: readonly (string | undefined)[];
  units: readonly string[];
  values: number[];
  /** By name. */
  feature(name: string): number;
}

/**
 * A block's features of one window, as the extractor gets them.
 * @param columns one list of samples for each channel; the channels are called a, b, c …
 */
export function runBlock(id: string, options: object, rate: number, ...columns: ArrayLike<number>[]): BlockRun {
  const { block, recipe } = chooseBlock(id, options);
  const samples = columns[0]!.length;
  const channels = columns.map((_, i) => String.fromCharCode(97 + i));
  const plan = block.plan({ samples, channels, rate }, recipe.options);
  const window = Float32Array.from(
    { length: samples * columns.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  );
  const before = window.slice();
  const out = new Float32Array(plan.names.length + 2).fill(-7);
  plan.compute(window, out, 1, { start: 0, end: 0 });
  const values = [...out.subarray(1, -1)];
  // What a window leaves behind in the plan's buffers does not show in the next one.
  const other = window.map((_, i) => (i % 3) * 1e9);
  plan.compute(other, new Float32Array(plan.names.length), 0, { start: 0, end: 0 });
  plan.compute(window, out, 1, { start: 0, end: 0 });
  expect([...out.subarray(1, -1)]).toEqual(values);
  // Nothing is written beside its own place.
  expect([out[0], out.at(-1)]).toEqual([-7, -7]);
  expect(window.every((value, i) => Object.is(value, before[i]))).toBe(true);
  return {
    ...{ names: plan.names, channels: plan.channels, units: plan.units, values },
    feature(name) {
      expect(plan.names).toContain(name);
      return values[plan.names.indexOf(name)]!;
    },
  };
}

/** Within a relative tolerance, or an absolute one. */
export function expectClose(
  got: readonly number[],
  expected: readonly number[],
  relative: number,
  absolute: number,
): void {
  expect(got.length).toBe(expected.length);
  const wrong = expected.flatMap((value, i) => {
    const near = Math.abs(got[i]! - value) <= Math.max(relative * Math.abs(value), absolute);
    return near ? [] : [`${i}: ${got[i]} for ${value}`];
  });
  expect(wrong).toEqual([]);
}

/** A · sin(2πft + phase) */
export function sine(samples: number, rate: number, frequency: number, amplitude = 1, phase = 0): Float64Array {
  return Float64Array.from(
    { length: samples },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / rate + phase),
  );
}

/** Reproducible normal noise of deviation 1. */
export function noise(samples: number, seed = 1): Float64Array {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from(
    { length: samples },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
