import { setImmediate } from "node:timers/promises";
import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { FeatureExtractor } from "../lib/dsp/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, type Frame } from "../lib/frame/index.js";
import { type BlockPicture, pictureOf } from "./block-picture.js";
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

interface Question extends FeaturesSettings {
  node: string;
  sample: { channels: number; samples: number; rate: number };
}

/** The most numbers of a window that is looked at: beyond, a picture is not worth the time it takes from the flow. */
export const MAX_PREVIEW_LENGTH = 2 ** 16;
/** Questions that wait; more are refused. */
const MAX_WAITING = 32;

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
        samples: { type: "integer", minimum: 1, maximum: MAX_PREVIEW_LENGTH, default: 256 },
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
  let waiting = 0;
  RED.httpAdmin.post(
    "/edge-ml/features/preview",
    RED.auth.needsPermission("edge-features.read"),
    (request, response) => {
      if (waiting >= MAX_WAITING) {
        const { code, message } = tooMuch("The number of previews at once", waiting + 1, MAX_WAITING);
        response.status(429).json({ code, message });
        return;
      }
      waiting++;
      const work = before.then(() => setImmediate()).then(() => preview(readQuestion(bodyOf(request)), lastWindow));
      before = work.then(
        () => waiting--,
        () => waiting--,
      );
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

async function preview(question: Question, lastWindow: (node: string) => Frame | undefined): Promise<Preview> {
  const live = lastWindow(question.node);
  const window = live ?? synthetic(question.sample);
  const [samples, channels] = window.info.shape as [number, number];
  const { blocks, cost } = await pictures(question, window);
  const result: Preview = {
    source: live ? "live" : "synthetic",
    window: { samples, channels },
    features: blocks.reduce((sum, { features }) => sum + features, 0),
    cost,
    blocks,
  };
  if (live) result.stream = live.info.stream;
  if (window.info.rate !== undefined) result.window.rate = window.info.rate;
  return result;
}

function synthetic({ channels, samples, rate }: Question["sample"]): Frame {
  if (channels * samples > MAX_PREVIEW_LENGTH) {
    throw tooMuch("sample", `${channels * samples} numbers`, MAX_PREVIEW_LENGTH);
  }
  return syntheticWindow(channels, samples, rate);
}

/** ms */
const MOST_WORK = 1000;
const MUCH_WORK = 200;
const RUNS = 3;

/** What each block makes of a window, and how many µs all of them take for one when everything is planned. */
async function pictures(
  { blocks, filters }: FeaturesSettings,
  window: Frame,
): Promise<{ blocks: BlockPicture[]; cost: number }> {
  const found: BlockPicture[] = [];
  let work = 0;
  for (const block of blocks) {
    // The flow has its turn between two blocks.
    await setImmediate();
    const start = performance.now();
    const extractor = new FeatureExtractor([block], filters);
    const { data } = extractor.extract(window);
    found.push(pictureOf(extractor.plansFor(window.info)[0]!, data));
    work += performance.now() - start;
    if (work > MOST_WORK) {
      throw tooMuch("The preview", `${Math.round(work)} ms of work`, `${MOST_WORK} ms`);
    }
  }
  // The first time is planning and compiling; what is much work even so is not done once more to be timed.
  if (work > MUCH_WORK) return { blocks: found, cost: Math.round(1000 * work) };
  await setImmediate();
  return { blocks: found, cost: costOf(new FeatureExtractor(blocks, filters), window) };
}

/** µs, to a tenth. */
function costOf(extractor: FeatureExtractor, { data, info }: Frame): number {
  // Each run is a stream of its own, without its place in it: a block that remembers must not find the work done.
  const { position: _, ...rest } = info;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= RUNS; i++) {
    const start = performance.now();
    extractor.extract({ data, info: { ...rest, stream: `${i}` } });
    // The first one plans.
    if (i > 0) best = Math.min(best, performance.now() - start);
  }
  return Math.round(best * 1e4) / 10;
}

function tooMuch(field: string, got: unknown, expected: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_TOO_LARGE", { field, got, expected });
}
