import { EdgeMlError } from "../../errors/index.js";
import type { BlockPlan, WindowShape } from "./block.js";

/** What the last axis of a picture is. */
export interface PictureBins {
  /** Without the channel, for example "440 Hz". */
  names: readonly string[];
  units: readonly string[];
}

/**
 * What a plan says of a picture of each channel: [frames, bins] for one channel, else all of them in one row, channel by
 * channel. The features are called `<channel> <bin> [<frame>]`.
 * @param frameRate frames in a second
 * @throws EdgeMlError EDGE_ML_WINDOW when there are more than MOST_NUMBERS
 */
export function describePicture(
  title: string,
  { channels }: WindowShape,
  frames: number,
  bins: PictureBins,
  frameRate: number,
): Omit<BlockPlan, "compute"> {
  const size = frames * bins.names.length;
  const length = size * channels.length;
  if (length > MOST_NUMBERS) {
    throw new EdgeMlError("EDGE_ML_WINDOW", {
      block: title,
      got: `${length} (channels × frames × bins)`,
      expected: `a result of at most ${MOST_NUMBERS} numbers`,
    });
  }
  const names: string[] = [];
  for (const channel of channels) {
    for (let frame = 0; frame < frames; frame++) {
      for (const bin of bins.names) names.push(`${channel} ${bin} [${frame}]`);
    }
  }
  const alone = channels.length === 1;
  return {
    shape: alone ? [frames, bins.names.length] : [length],
    names,
    channels: Array.from({ length }, (_, i) => channels[Math.floor(i / size)]),
    units: Array.from({ length }, (_, i) => bins.units[i % bins.units.length]!),
    ...(alone ? { axis: { names: bins.names, rate: frameRate } } : {}),
  };
}

/** Bins called by their frequency, with as few digits as keep them apart, and all of one unit. */
export function frequencyBins(hertz: ArrayLike<number>, unit: string): PictureBins {
  let names: string[] = [];
  for (let digits = 4; digits <= 17; digits++) {
    names = Array.from(hertz, (hz) => `${Number(hz.toPrecision(digits))} Hz`);
    if (new Set(names).size === names.length) break;
  }
  return { names, units: names.map(() => unit) };
}

/** Highest frequency that a band may have: half the rate. 0 stands for it. @throws EdgeMlError */
export function bandLimits(
  title: string,
  rate: number,
  { lowFrequency, highFrequency }: { lowFrequency: number; highFrequency: number },
): [low: number, high: number] {
  const high = highFrequency === 0 ? rate / 2 : highFrequency;
  if (high > rate / 2) {
    throw new EdgeMlError("EDGE_ML_WINDOW", {
      block: title,
      got: `a sample rate of ${rate} Hz`,
      expected: `a sample rate of at least ${2 * high} Hz, twice the highest frequency`,
    });
  }
  if (lowFrequency >= high) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "lowFrequency",
      got: `${lowFrequency} Hz`,
      expected: `below the highest frequency, ${high} Hz`,
    });
  }
  return [lowFrequency, high];
}

/** Lengths of FFT that a block of short frames offers. */
export const FFT_LENGTHS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192] as const;

const MOST_NUMBERS = 262_144;
