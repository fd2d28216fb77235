import { copyChannel, meanOf } from "../math/channel.js";
import { type Sine, SineFit } from "../math/sine-fit.js";
import { TAPERS, type Taper, taperWeights } from "../math/taper.js";
import { type Block, needSamples, rateOf, type WindowShape } from "./block.js";
import { settingError } from "./spectrum-settings.js";

interface GoertzelOptions {
  /** Hz */
  frequencies: number[];
  taper: Taper;
  phase: boolean;
}

const TITLE = "Goertzel";

/**
 * The amplitude (and phase) of each channel at given frequencies, which need not lie on the lines of an FFT: see SineFit.
 * A sine of amplitude A and a listed frequency reads A to rounding, whatever the window's length. The phase is that of a
 * cosine at the window's first sample, in radians; 0 where there is no amplitude. At least one period of the lowest
 * frequency must fit into the window.
 */
export const goertzel: Block<GoertzelOptions> = {
  id: "goertzel",
  version: 1,
  title: TITLE,
  group: "frequency",
  about: "Amplitude at a few known frequencies, exactly: mains hum, blade pass, a motor's slots.",
  cost: "O(samples · frequencies)",
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      frequencies: {
        type: "array",
        title: "Frequencies (Hz)",
        items: { type: "number" },
        minItems: 1,
        maxItems: 64,
        uniqueItems: true,
        default: [50, 100, 150],
      },
      phase: { type: "boolean", default: false, title: "Phase too (rad)" },
      taper: {
        type: "string",
        enum: TAPERS,
        default: "hann",
        title: "Taper",
        description: "Keeps other frequencies out; rectangular tells closer ones apart.",
      },
    },
  },
  plan(window, { frequencies, phase, taper }) {
    const weights = taperWeights(taper, window.samples);
    const fits = frequencies.map((frequency, i) => new SineFit(weights, shareOf(window, frequency, i)));
    const { samples, channels } = window;
    const columns = channels.length;
    const x = new Float64Array(samples);
    const sine: Sine = { amplitude: 0, phase: 0 };
    const values = phase ? ["amplitude", "phase"] : ["amplitude"];
    const length = frequencies.length * values.length;
    return {
      shape: [columns * length],
      names: channels.flatMap((channel) =>
        frequencies.flatMap((frequency) => values.map((value) => `${channel} ${frequency} Hz ${value}`)),
      ),
      channels: channels.flatMap((channel) => Array.from({ length }, () => channel)),
      units: channels.flatMap(() => frequencies.flatMap(() => (phase ? ["x", "rad"] : ["x"]))),
      compute(data, out, offset) {
        let at = offset;
        for (let channel = 0; channel < columns; channel++) {
          copyChannel(data, channel, columns, x);
          const mean = meanOf(x);
          for (const fit of fits) {
            fit.fit(x, mean, sine);
            out[at++] = sine.amplitude;
            if (phase) out[at++] = sine.phase;
          }
        }
      },
    };
  },
};

/** A frequency as a share of the rate, when a sine of it can be told from a constant and from an alternation. */
function shareOf(window: WindowShape, frequency: number, i: number): number {
  const rate = rateOf(window, TITLE);
  if (frequency <= 0 || frequency >= rate / 2) {
    throw settingError(`frequencies.${i}`, `${frequency} Hz`, `above 0 and below ${rate / 2} Hz, half the sample rate`);
  }
  // Five samples for three unknowns: fewer leave nothing of a taper whose first weight is 0.
  needSamples(window, Math.max(5, Math.ceil(rate / frequency), Math.ceil(rate / (rate / 2 - frequency))), TITLE);
  return frequency / rate;
}
