import type { BlockPlan } from "../lib/dsp/index.js";

/** What one block makes of the window: thinned to what a picture can show. */
export interface BlockPicture {
  /** All of them, before thinning. */
  features: number;
  /** NaN and Infinity are null. */
  values: (number | null)[];
  /** Of the values; of a map, of its bins. */
  names: string[];
  /** Of the values; of a map, the one unit of all. */
  units: string[];
  /** Given when the values are a picture, row-major [frames, bins]; seconds from one frame to the next. */
  map?: { frames: number; bins: number; step: number };
}

const MAX_BARS = 2000;
const MAX_CELLS = 4000;
const MAX_CELL_BINS = 128;

/** @param values as many as the plan has names */
export function pictureOf(plan: BlockPlan, values: Float32Array): BlockPicture {
  if (plan.shape.length === 2 && plan.axis) return mapOf(plan, plan.axis, values);
  return barsOf(plan, values);
}

/** Of neighbours that share a bar the largest is shown: no peak is lost. */
function barsOf({ names, units }: BlockPlan, values: Float32Array): BlockPicture {
  const width = Math.ceil(values.length / MAX_BARS);
  const picture: BlockPicture = { features: values.length, values: [], names: [], units: [] };
  for (let i = 0; i < values.length; i += width) {
    let best = i;
    for (let j = i + 1; j < Math.min(i + width, values.length); j++) {
      // NaN is smaller than anything.
      if (Math.abs(values[j]!) > Math.abs(values[best]!) || Number.isNaN(values[best]!)) best = j;
    }
    picture.values.push(plain(values[best]!));
    picture.names.push(names[best]!);
    picture.units.push(units[best]!);
  }
  return picture;
}

/** Of neighbours that share a cell the mean is shown. */
function mapOf(plan: BlockPlan, axis: NonNullable<BlockPlan["axis"]>, values: Float32Array): BlockPicture {
  const [frames, bins] = plan.shape as [number, number];
  // Frames are thinned first: they are the many.
  const high = Math.max(1, Math.ceil(bins / MAX_CELL_BINS));
  const shownBins = Math.ceil(bins / high);
  const wide = Math.max(1, Math.ceil((frames * shownBins) / MAX_CELLS));
  const shownFrames = Math.ceil(frames / wide);
  const picture: BlockPicture = {
    features: values.length,
    values: [],
    names: [],
    units: plan.units.slice(0, 1),
    map: { frames: shownFrames, bins: shownBins, step: wide / axis.rate },
  };
  for (let bin = 0; bin < bins; bin += high) picture.names.push(axis.names[bin]!);
  for (let frame = 0; frame < frames; frame += wide) {
    for (let bin = 0; bin < bins; bin += high) {
      picture.values.push(
        plain(meanOf(values, bins, frame, Math.min(frame + wide, frames), bin, Math.min(bin + high, bins))),
      );
    }
  }
  return picture;
}

function meanOf(
  values: Float32Array,
  bins: number,
  frame: number,
  lastFrame: number,
  bin: number,
  lastBin: number,
): number {
  let sum = 0;
  for (let i = frame; i < lastFrame; i++) for (let j = bin; j < lastBin; j++) sum += values[i * bins + j]!;
  return sum / ((lastFrame - frame) * (lastBin - bin));
}

/** JSON has no NaN; and six digits are more than a picture shows. */
function plain(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}
