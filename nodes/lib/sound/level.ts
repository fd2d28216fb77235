/** How loud sound is, and what is wrong with it. */
export interface Level {
  /** Samples measured; the rest means nothing when there were none. */
  samples: number;
  /** dBFS of the alternating part: 0 is a square wave of full scale, -3 a sine; -Infinity is silence. */
  rms: number;
  /** dBFS of the largest magnitude. */
  peak: number;
  /** Mean of the samples, as a share of full scale: -1..1. */
  offset: number;
  /** Share of the samples that stand at full scale, side by side with another one: 0..1. */
  clipped: number;
  /** All samples are the same number: a muted input, a cable that is not plugged in, a device that has failed. */
  isConstant: boolean;
}

/** 16-bit samples reach .99997 upwards, also inside wider ones; 8-bit samples .992. */
export const FULL_SCALE = 0.9999;
export const FULL_SCALE_8_BIT = 0.99;

/**
 * Measures samples in pieces of any length, in memory that does not grow. A single sample at full scale is no clipping:
 * two in a row, of one channel, are.
 */
export class LevelMeter {
  readonly #fullScale: number;
  /** Of each channel: its last sample was at full scale, and whether that one is counted already. */
  readonly #atTop: Uint8Array;
  #channel = 0;
  #samples = 0;
  #sum = 0;
  #squares = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;
  #clipped = 0;

  /** @param channels of interleaved samples */
  constructor(channels = 1, fullScale = FULL_SCALE) {
    this.#atTop = new Uint8Array(channels);
    this.#fullScale = fullScale;
  }

  /** Adds interleaved samples; those that are no numbers are left out. */
  add(samples: ArrayLike<number>): void {
    const atTop = this.#atTop;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]!;
      const channel = this.#channel;
      this.#channel = channel + 1 === atTop.length ? 0 : channel + 1;
      if (!Number.isFinite(sample)) continue;
      this.#samples++;
      this.#sum += sample;
      this.#squares += sample * sample;
      if (sample < this.#lowest) this.#lowest = sample;
      if (sample > this.#highest) this.#highest = sample;
      if (sample < this.#fullScale && sample > -this.#fullScale) {
        atTop[channel] = NOT_AT_TOP;
      } else if (atTop[channel] === NOT_AT_TOP) {
        atTop[channel] = ONE_AT_TOP;
      } else {
        this.#clipped += atTop[channel] === ONE_AT_TOP ? 2 : 1;
        atTop[channel] = MORE_AT_TOP;
      }
    }
  }

  /** The level of what was added since the last call. */
  take(): Level {
    const count = this.#samples;
    const offset = count === 0 ? 0 : this.#sum / count;
    const power = count === 0 ? 0 : Math.max(0, this.#squares / count - offset * offset);
    const isConstant = count > 0 && this.#lowest === this.#highest;
    const level: Level = {
      samples: count,
      // The difference of two means rounds: what does not move at all has no power.
      rms: isConstant ? Number.NEGATIVE_INFINITY : 10 * Math.log10(power),
      peak: count === 0 ? Number.NEGATIVE_INFINITY : decibel(Math.max(-this.#lowest, this.#highest)),
      offset,
      // A run that began before the last call may count one sample that is not of this one.
      clipped: count === 0 ? 0 : Math.min(1, this.#clipped / count),
      isConstant,
    };
    this.#samples = 0;
    this.#sum = 0;
    this.#squares = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#clipped = 0;
    return level;
  }
}

const NOT_AT_TOP = 0;
const ONE_AT_TOP = 1;
const MORE_AT_TOP = 2;

function decibel(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}
