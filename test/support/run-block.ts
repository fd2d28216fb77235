import { expect } from "vitest";
import { featuresOf, planBlock } from "./blocks.ts";

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
  const samples = columns[0]!.length;
  const channels = columns.map((_, i) => String.fromCharCode(97 + i));
  const plan = planBlock(id, options, { samples, channels, rate });
  const window = Float32Array.from(
    { length: samples * columns.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  );
  const values = featuresOf(plan, window);
  return {
    ...{ names: plan.names, channels: plan.channels, units: plan.units, values },
    feature(name) {
      expect(plan.names).toContain(name);
      return values[plan.names.indexOf(name)]!;
    },
  };
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
