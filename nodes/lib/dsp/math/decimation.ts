import { CausalFilter } from "./iir.js";
import { chebyshevLowPass } from "./iir-design.js";

/** The ratios that there are, each as the stages it is done in: one filter for a high ratio would lose its digits. */
const STAGES = {
  1: [],
  3: [3],
  10: [10],
  30: [3, 10],
  100: [10, 10],
  1000: [10, 10, 10],
} as const satisfies Record<number, readonly number[]>;

export type DecimationRatio = keyof typeof STAGES;

interface Stage {
  ratio: number;
  filter: CausalFilter;
  x: Float64Array;
}

/**
 * Keeps every n-th sample, after a Chebyshev type I low-pass of order 8 with 0.05 dB of ripple up to 0.8 of the new half
 * rate, which begins as if the first sample had been there since ever (Edge Impulse's decimation; scipy.signal.decimate
 * has the same filter). One must not be used from two places at once.
 */
export class Decimation {
  /** Samples that come out. */
  readonly samples: number;
  readonly #stages: Stage[];

  /** @param samples that go in */
  constructor(samples: number, ratio: DecimationRatio) {
    let left = samples;
    this.#stages = STAGES[ratio].map((stage) => {
      const x = new Float64Array(left);
      left = Math.ceil(left / stage);
      return { ratio: stage, filter: new CausalFilter(chebyshevLowPass(8, 0.05, 0.4 / stage, 1)), x };
    });
    this.samples = left;
  }

  /**
   * @param input as many numbers as go in
   * @param output [samples]
   */
  apply(input: Float64Array, output: Float64Array): void {
    const stages = this.#stages;
    let x = stages.length > 0 ? stages[0]!.x : output;
    for (let i = 0; i < x.length; i++) x[i] = input[i]!;
    for (let stage = 0; stage < stages.length; stage++) {
      const { ratio, filter } = stages[stage]!;
      // The rounding of a filter would look like a signal where there is none.
      if (!isConstant(x)) filter.apply(x);
      const kept = stage + 1 < stages.length ? stages[stage + 1]!.x : output;
      for (let i = 0, k = 0; i < x.length; i += ratio, k++) kept[k] = x[i]!;
      x = kept;
    }
  }
}

function isConstant(x: Float64Array): boolean {
  const first = x[0]!;
  for (let i = 1; i < x.length; i++) if (x[i] !== first) return false;
  return true;
}
