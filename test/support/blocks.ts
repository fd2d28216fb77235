import { expect } from "vitest";
import { type BlockPlan, chooseBlock, type WindowMoment, type WindowShape } from "../../nodes/lib/dsp/index.ts";

const SENTINEL = -7;

/** A block planned as the extractor plans it, for channels named c0, c1, … unless they are named. */
export function planBlock(
  id: string,
  options: object,
  window: { samples: number; channels?: number | readonly string[]; rate?: number },
): BlockPlan {
  const { block, recipe } = chooseBlock(id, options);
  const { samples, channels = 1, rate } = window;
  const names = typeof channels === "number" ? Array.from({ length: channels }, (_, i) => `c${i}`) : channels;
  const shape: WindowShape = { samples, channels: names };
  if (rate !== undefined) shape.rate = rate;
  return block.plan(shape, recipe.options);
}

/** The features that a plan computes; fails when it writes beside its own place. */
export function featuresOf(
  plan: BlockPlan,
  data: ArrayLike<number>,
  moment: WindowMoment = { start: 0, end: 0 },
  memory?: unknown,
): number[] {
  const out = new Float32Array(plan.names.length + 2).fill(SENTINEL);
  plan.compute(Float32Array.from(data), out, 1, moment, memory);
  expect([out[0], out.at(-1)], "written beside its own place").toEqual([SENTINEL, SENTINEL]);
  return [...out.subarray(1, -1)];
}

/** Within a relative tolerance, or an absolute one; NaN equals NaN. */
export function expectClose(got: readonly number[], expected: readonly number[], relative: number, absolute = 0): void {
  expect(got.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) {
    if (Number.isNaN(value) && Number.isNaN(got[i])) continue;
    const error = Math.abs(got[i]! - value);
    // Turned around, so that a NaN fails.
    if (!(error <= Math.max(relative * Math.abs(value), absolute))) {
      expect.fail(`number ${i} of ${expected.length}: ${got[i]} for ${value}`);
    }
  }
}
