import type { Decider, FeatureExtractor, Frame, Inference, Windower } from "../../nodes/lib/index.ts";
import { library } from "../lib/library.ts";
import type { Bundle } from "./bundle.ts";
import { RATE } from "./sound.ts";

const BEGIN = Date.UTC(2026, 0, 1);

/** What the nodes do from PCM to the decision, without Node-RED: one of each for all microphones, as in a flow. */
export class Chain {
  /** Results that were decided on, and words that were told. */
  decided = 0;
  told = 0;
  readonly #windower: Windower;
  readonly #extractor: FeatureExtractor;
  readonly #inference: Inference;
  readonly #decider: Decider;
  readonly #condition;

  static async start(bundle: Bundle): Promise<Chain> {
    const inference = new library.Inference({ limit: 10_000, policy: "oldest" });
    inference.use(await bundle.load());
    return new Chain(bundle, inference);
  }

  private constructor({ manifest, size, hop }: Bundle, inference: Inference) {
    const { features = [] } = manifest.input.recipe;
    this.#windower = windowerOf(size, hop);
    this.#extractor = new library.FeatureExtractor(features.map(({ block, options }) => ({ block, ...options })));
    this.#inference = inference;
    const settings = keywordSettings();
    this.#condition = settings.condition;
    this.#decider = new library.Decider(settings, "bench", "0");
  }

  /** A piece of PCM of one microphone. @param at samples from its beginning */
  async push(stream: string, pcm: Buffer, at: number): Promise<void> {
    const waiting: Promise<void>[] = [];
    this.window(stream, pcm, at, (window) => waiting.push(this.#decide(stream, this.features(window))));
    for (const one of waiting) await one;
  }

  window(stream: string, payload: Buffer, at: number, take: (window: Frame) => void): void {
    const timestamp = BEGIN + (at * 1000) / RATE;
    this.#windower.push(library.readReading({ topic: stream, payload, rate: RATE, timestamp }, timestamp), take);
  }

  features(window: Frame): Frame {
    return this.#extractor.extract(window);
  }

  infer(frame: Frame) {
    return this.#inference.infer(frame);
  }

  decide(stream: string, payload: unknown, frame: unknown): void {
    const { events } = this.#decider.push(library.observe({ topic: stream, payload, frame }, this.#condition, 0));
    this.decided++;
    this.told += events.length;
  }

  async #decide(stream: string, frame: Frame): Promise<void> {
    const outcome = await this.infer(frame);
    if (outcome) this.decide(stream, outcome.result, frame.info);
  }
}

/** As edge-window is set for the bundle. */
export function windowerOf(size: number, hop: number): Windower {
  return new library.Windower({ by: "samples", size, hop, channels: [], gap: { policy: "mark", limit: 0 } });
}

/** The defaults of edge-alert for keywords: thresholds and smoothing are the model's. */
function keywordSettings() {
  return {
    condition: {
      by: "keyword" as const,
      labels: new Set<string>(),
      thresholds: new Map<string, number>(),
      uncertainRatio: 0,
      tellOver: false,
    },
    smoothing: { method: "model" as const, size: 5 },
    needed: 1,
    among: 1,
    raiseAfter: 0,
    clearRatio: 0.5,
    clearAfter: 500,
    refractory: 500,
    severity: "info" as const,
    criticalFactor: 2,
    noDataAfter: 0,
    remindEvery: 0,
    streams: 1024,
  };
}
