import { needSamples } from "../blocks/block.js";
import type { Sections } from "../math/iir.js";
import { chebyshevLowPass } from "../math/iir-design.js";
import type { ChannelShape, Filter, FilterPlan } from "./filter.js";
import { recursivePlan, zeroPhaseOption } from "./recursive.js";

interface DecimateOptions {
  factor: number;
  zeroPhase: boolean;
}

/**
 * Keeps every `factor`-th sample, after an anti-alias filter: scipy.signal.decimate with ftype="iir" (Chebyshev I, order
 * 8, 0.05 dB, up to 0.8 of half the new rate), in stages for a large factor, as its documentation advises. Unlike there,
 * the gain at 0 Hz is 1: an even order begins at the bottom of its ripple, which would make 20.0 °C into 19.9.
 */
export const decimate: Filter<DecimateOptions> = {
  id: "decimate",
  version: 1,
  title: "Decimate",
  about: "Lowers the sample rate by a whole number, without aliasing: less to compute where only slow changes matter.",
  cost: "O(samples)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      factor: { type: "integer", minimum: 2, maximum: 1000, default: 2, title: "Keep one sample of" },
      zeroPhase: { ...zeroPhaseOption, default: true },
    },
  },
  plan(channel, { factor, zeroPhase }) {
    needSamples(channel, factor, "Decimate");
    const stages: { plan: FilterPlan; factor: number; x: Float64Array; y: Float64Array }[] = [];
    let shape: ChannelShape = channel;
    for (const part of partsOf(factor)) {
      const { samples } = shape;
      stages.push({
        plan: recursivePlan(antiAlias(part), shape, zeroPhase),
        factor: part,
        x: stages.length === 0 ? EMPTY : new Float64Array(samples),
        y: new Float64Array(samples),
      });
      shape = { samples: Math.ceil(samples / part) };
    }
    const output = { ...shape, ...(channel.rate === undefined ? {} : { rate: channel.rate / factor }) };
    return {
      output,
      apply(x, y) {
        for (let stage = 0; stage < stages.length; stage++) {
          const { plan, factor, x: own, y: filtered } = stages[stage]!;
          plan.apply(stage === 0 ? x : own, filtered);
          const kept = stages[stage + 1]?.x ?? y;
          for (let i = 0; i < kept.length; i++) kept[i] = filtered[i * factor]!;
        }
      },
    };
  },
};

const EMPTY = new Float64Array(0);
const ORDER = 8;
const RIPPLE = 0.05;

function antiAlias(factor: number): Sections {
  const sections = chebyshevLowPass(ORDER, RIPPLE, 0.4 / factor, 1);
  const gain = 10 ** (RIPPLE / 20);
  for (let i = 0; i < 3; i++) sections[i]! *= gain;
  return sections;
}

/** Factors of at most 13 while there are such, largest first; a large prime is one stage. */
function partsOf(factor: number): number[] {
  const parts: number[] = [];
  for (let rest = factor; rest > 1; ) {
    let part = Math.min(13, rest);
    while (part > 1 && rest % part !== 0) part--;
    if (part === 1) for (part = 17; rest % part !== 0; ) part++;
    parts.push(part);
    rest /= part;
  }
  return parts;
}
