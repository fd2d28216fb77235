import { rateOf } from "../blocks/block.js";
import type { Sections } from "../math/iir.js";
import { notch as design } from "../math/iir-design.js";
import type { Filter } from "./filter.js";
import { checkFrequency, frequencyOption, recursivePlan, zeroPhaseOption } from "./recursive.js";

interface NotchOptions {
  /** Hz */
  frequency: number;
  /** Frequency / bandwidth at 1/√2; the same for each multiple, since those drift by as many times as much. */
  quality: number;
  /** How many multiples of the frequency, with itself. Those from half the rate on are left out. */
  harmonics: number;
  zeroPhase: boolean;
}

/** Notches at a frequency and its multiples, one section each: scipy.signal.iirnotch. */
export const notch: Filter<NotchOptions> = {
  id: "notch",
  version: 1,
  title: "Notch",
  about: "Takes one frequency away, and its multiples: mains hum. Settles within quality / frequency seconds.",
  cost: "O(samples · harmonics)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      frequency: frequencyOption("Frequency (Hz)", 50),
      quality: {
        type: "number",
        minimum: 1,
        maximum: 1000,
        default: 10,
        title: "Quality",
        description: "Frequency divided by bandwidth: higher is narrower, and settles later.",
      },
      harmonics: {
        type: "integer",
        minimum: 1,
        maximum: 50,
        default: 1,
        title: "Multiples",
        description: "1 = the frequency itself, 3 = also two and three times it.",
      },
      zeroPhase: zeroPhaseOption,
    },
  },
  plan(channel, { frequency, quality, harmonics, zeroPhase }) {
    const rate = rateOf(channel, "Notch");
    checkFrequency("frequency", frequency, rate);
    const sections: Sections[] = [];
    for (let n = 1; n <= harmonics && n * frequency < rate / 2; n++)
      sections.push(design(n * frequency, quality, rate));
    return recursivePlan(Float64Array.from(sections.flatMap((section) => [...section])), channel, zeroPhase);
  },
};
