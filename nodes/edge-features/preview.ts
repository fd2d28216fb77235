import { setImmediate } from "node:timers/promises";
import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { type BlockPlan, FeatureExtractor } from "../lib/dsp/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, type Frame, type FrameInfo } from "../lib/frame/index.js";
import { type FeaturesSettings, schema } from "./config.js";
import { syntheticWindow } from "./synthetic-window.js";

/** What the dialog shows of the features that its settings make of a window. */
export interface Preview {
  /** The last good window that the deployed node got, or one made up. */
  source: "live" | "synthetic";
  /** Of a live window. */
  stream?: string;
  window: { samples: number; channels: number; rate?: number };
  /** Of all blocks together. */
  features: number;
  /** µs that one window takes. */
  cost: number;
  /** One for each block, in their order. */
  blocks: BlockPicture[];
}

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

interface Question extends FeaturesSettings {
  node: string;
  sample: { channels: number; samples: number; rate: number };
}

/** The most numbers of a window that is looked at: beyond, a picture is not worth the time it takes from the flow. */
export const MAX_PREVIEW_LENGTH = 2 ** 18;
const MAX_BARS = 2000;
const MAX_CELLS = 4000;

const readQuestion = compileSettings<Question>({
  type: "object",
  properties: {
    ...schema.properties,
    node: { type: "string", default: "", maxLength: 256 },
    sample: {
      type: "object",
      default: {},
      properties: {
        channels: { type: "integer", minimum: 1, maximum: 16, default: 2 },
        samples: { type: "integer", minimum: 1, maximum: 65_536, default: 256 },
        rate: { type: "number", exclusiveMinimum: 0, maximum: 1e6, default: 100 },
      },
    },
  },
});

/**
 * The dialog's route: what a window becomes with the settings that stand in it. It needs the permission.
 * @param lastWindow the last good window of a running node
 */
export function servePreview(RED: NodeAPI, lastWindow: (node: string) => Frame | undefined): void {
  // One after the other, with the flow's own work between them.
  let before: Promise<unknown> = Promise.resolve();
  RED.httpAdmin.post(
    "/edge-ml/features/preview",
    RED.auth.needsPermission("edge-features.read"),
    (request, response) => {
      const work = before.then(() => setImmediate()).then(() => preview(readQuestion(bodyOf(request)), lastWindow));
      before = work.catch(() => undefined);
      work.then(
        (result) => response.json(result),
        (error: unknown) => {
          const { code, message } = EdgeMlError.from(error);
          response.status(code === "EDGE_ML_INTERNAL" ? 500 : 400).json({ code, message });
        },
      );
    },
  );
}

/** JSON only: a page from elsewhere can make a browser send a form, but not JSON. */
function bodyOf(request: Request): object {
  const body: unknown = request.is("application/json") ? request.body : undefined;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "body", got: describe(body), expected: "settings as JSON" });
}

function preview(question: Question, lastWindow: (node: string) => Frame | undefined): Preview {
  const live = lastWindow(question.node);
  const window = live ?? synthetic(question.sample);
  const extractor = new FeatureExtractor(question.blocks, question.filters);
  const { data, cost } = measure(extractor, window);
  const [samples, channels] = window.info.shape as [number, number];
  const blocks: BlockPicture[] = [];
  let offset = 0;
  for (const plan of extractor.plansFor(window.info)) {
    blocks.push(pictureOf(plan, data.subarray(offset, offset + plan.names.length)));
    offset += plan.names.length;
  }
  const result: Preview = {
    source: live ? "live" : "synthetic",
    window: { samples, channels },
    features: data.length,
    cost,
    blocks,
  };
  if (live) result.stream = live.info.stream;
  if (window.info.rate !== undefined) result.window.rate = window.info.rate;
  return result;
}

function synthetic({ channels, samples, rate }: Question["sample"]): Frame {
  if (channels * samples > MAX_PREVIEW_LENGTH) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "sample",
      got: `${channels * samples} numbers`,
      expected: MAX_PREVIEW_LENGTH,
    });
  }
  return syntheticWindow(channels, samples, rate);
}

const ENOUGH_TIME = 20;
const RUNS = 3;

/** The features of a window, and how long they take once everything is planned. */
function measure(extractor: FeatureExtractor, { data, info }: Frame): { data: Float32Array; cost: number } {
  // Each run a stream of its own, without its place in it: a block that remembers must not find the work done.
  const { position: _, ...rest } = info;
  const run = (i: number) => extractor.extract({ data, info: { ...rest, stream: `${i}` } as FrameInfo });
  const { data: features } = run(0);
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + ENOUGH_TIME;
  for (let i = 1; i <= RUNS; i++) {
    const start = performance.now();
    if (i > 1 && start > end) break;
    run(i);
    best = Math.min(best, performance.now() - start);
  }
  return { data: features, cost: Math.round(best * 1e4) / 10 };
}

function pictureOf(plan: BlockPlan, values: Float32Array): BlockPicture {
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

const MAX_CELL_BINS = 128;

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
