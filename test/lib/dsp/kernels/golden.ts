import { readFileSync } from "node:fs";
import type { FramePlan } from "../../../../nodes/lib/dsp/kernels/index.ts";

export interface GoldenCase {
  name: string;
  plan: FramePlan;
  samples: Float32Array;
  first: number;
  count: number;
  outputs: number[];
}

type Numbers<T> = { [K in keyof T]: T[K] extends Float64Array | Int32Array ? number[] : T[K] };
interface Stored {
  name: string;
  /** Null: that of the case before. */
  plan:
    | (Omit<FramePlan, "taper" | "bank" | "transform" | "logarithm"> & {
        taper?: number[];
        bank?: Numbers<NonNullable<FramePlan["bank"]>>;
        transform?: Numbers<NonNullable<FramePlan["transform"]>>;
        /** Null stands for no limit. */
        logarithm?: NonNullable<FramePlan["logarithm"]> & { low: number | null; high: number | null };
      })
    | null;
  samples: "noise" | "walk" | "silence";
  length: number;
  first: number;
  count: number;
  outputs: number[];
}

/** The cases of make_frame_kernel.py. */
export function goldenCases(): GoldenCase[] {
  const file = new URL("../../../golden/blocks/frame-kernel.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Stored[] };
  let plan: FramePlan;
  return cases.map((stored) => {
    if (stored.plan) plan = planOf(stored.plan);
    return { ...stored, plan, samples: samplesOf(stored.samples, stored.length) };
  });
}

function planOf({ taper, bank, transform, logarithm, ...rest }: NonNullable<Stored["plan"]>): FramePlan {
  const plan: FramePlan = rest;
  if (taper) plan.taper = Float64Array.from(taper);
  if (bank) {
    plan.bank = {
      starts: Int32Array.from(bank.starts),
      offsets: Int32Array.from(bank.offsets),
      weights: Float64Array.from(bank.weights),
    };
  }
  if (transform) plan.transform = { ...transform, matrix: Float64Array.from(transform.matrix) };
  if (logarithm) {
    const { low, high } = logarithm;
    plan.logarithm = { ...logarithm, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
  }
  return plan;
}

/** The generator of make_frame_kernel.py. */
export function samplesOf(kind: Stored["samples"], length: number): Float32Array {
  if (kind === "silence") return new Float32Array(length);
  let state = BigInt(length);
  const noise = Array.from({ length }, () => {
    state = (1103515245n * state + 12345n) % 2n ** 31n;
    return Number(state >> 16n) - 16384;
  });
  if (kind === "noise") return Float32Array.from(noise);
  let sum = 0;
  const walk = noise.map((step) => (sum += step));
  const mean = walk.reduce((total, value) => total + value, 0) / length;
  return Float32Array.from(walk, (value) => value - Math.round(mean));
}
