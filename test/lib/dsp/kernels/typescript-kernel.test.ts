import { describe, expect, it } from "vitest";
import type { FramePlan } from "../../../../nodes/lib/dsp/kernels/frame-plan.ts";
import { TypeScriptKernel } from "../../../../nodes/lib/dsp/kernels/typescript-kernel.ts";
import { goldenCases, samplesOf } from "./golden.ts";

describe("against numpy", () => {
  it.each(goldenCases())("$name", ({ plan, samples, first, count, outputs }) => {
    const kernel = new TypeScriptKernel(plan);
    expect(kernel.outputs * count).toBe(outputs.length);
    // Before and behind what it writes, nothing changes.
    const out = new Float32Array(outputs.length + 5).fill(7);
    kernel.compute(samples, first, count, out, 3);
    const largest = Math.max(...outputs.map(Math.abs));
    // What is left is float32's rounding of the outputs.
    outputs.forEach((wanted, i) => {
      expect(Math.abs(out[i + 3]! - wanted), `output ${i}`).toBeLessThanOrEqual(1e-7 * Math.max(largest, 1e-30));
    });
    expect([...out.slice(0, 3), ...out.slice(-2)]).toEqual([7, 7, 7, 7, 7]);
  });
});

const PLAN: FramePlan = { frameLength: 50, stride: 25, fftLength: 64, scale: 1, spectrum: "power", gain: 1 };
const LOG = { kind: "ln", floor: 0, offset: 1e-6, slope: 1, shift: 0, low: -5, high: 20, steps: 0 } as const;

function frames(plan: FramePlan, samples: Float32Array, count: number): number[][] {
  const kernel = new TypeScriptKernel(plan);
  const out = new Float32Array(count * kernel.outputs);
  kernel.compute(samples, 0, count, out, 0);
  return Array.from({ length: count }, (_, i) => [...out.slice(i * kernel.outputs, (i + 1) * kernel.outputs)]);
}

describe("a sample that is not finite", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d spoils the frames it lies in, and no other",
    (wrong) => {
      for (const plan of [PLAN, { ...PLAN, logarithm: LOG }, { ...PLAN, energyFirst: { floor: 1e-10 } }]) {
        const samples = samplesOf("noise", 200);
        const clean = frames(plan, samples, 6);
        samples[60] = wrong;
        frames(plan, samples, 6).forEach((frame, i) => {
          const hit = i * 25 <= 60 && 60 < i * 25 + 50;
          expect(frame).toEqual(hit ? frame.map(() => Number.NaN) : clean[i]);
        });
      }
    },
  );
});

it("refuses frames that the window does not hold", () => {
  const kernel = new TypeScriptKernel(PLAN);
  const out = new Float32Array(3 * kernel.outputs);
  expect(() => kernel.compute(new Float32Array(99), 0, 3, out, 0)).toThrow(RangeError);
  expect(() => kernel.compute(new Float32Array(100), 0, 3, out, 0)).not.toThrow();
});
