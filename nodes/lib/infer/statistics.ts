import type { DriftReport } from "../drift/index.js";
import type { ModelReference } from "../frame/index.js";
import { Durations, type Spread } from "./durations.js";
import type { Rehearsal } from "./rehearsal.js";
import type { Runner } from "./runner.js";

export interface InferenceCounts {
  /** Frames that got a result of the model. */
  scored: number;
  /** Frames of bad quality: they got a result without a score. */
  bad: number;
  /** Frames that did not fit the model, or that it failed on. */
  failed: number;
  /** Frames that were dropped or refused because too many waited. */
  dropped: number;
  /** Frames that came while there was no model. */
  unserved: number;
}

/** How a model is being served; plain JSON. Times are those of the last 1000 with the model in use, in ms. */
export interface InferenceStatistics {
  kind: "statistics";
  /** The model in use, and where it computes. */
  model?: ModelReference & { place: Runner["place"] };
  frames: InferenceCounts;
  /** How many runs there were, and with how many frames each. */
  runs: { count: number; meanBatch: number; largestBatch: number };
  queue: { waiting: number; longest: number; limit: number };
  /** From a frame's arrival to its result: waiting included. */
  latency?: Spread;
  /** Of the model's runs alone, whatever the number of frames in them. */
  run?: Spread;
  /** What the last change of version showed. */
  change?: Rehearsal;
  /** Of several versions that must agree: those that have a say, the newest first, and how many it takes. */
  agreement?: { versions: string[]; needed: number };
  /** How far what came in since the model took over is from what it learned from. */
  drift?: DriftReport;
}

/** Measures the runs of a model and what its frames waited for. */
export class Meter {
  readonly #latencies = new Durations();
  readonly #runTimes = new Durations();
  #runs = 0;
  #frames = 0;
  #largest = 0;

  /** A run ended. */
  ran(frames: number, ms: number): void {
    this.#runs++;
    this.#frames += frames;
    if (frames > this.#largest) this.#largest = frames;
    this.#runTimes.add(ms);
  }

  /** A frame got its result, so long after it came. */
  served(ms: number): void {
    this.#latencies.add(ms);
  }

  /** Another model takes over: its times are its own. */
  restart(): void {
    this.#latencies.clear();
    this.#runTimes.clear();
  }

  get latency(): Spread | undefined {
    return this.#latencies.spread();
  }

  get run(): Spread | undefined {
    return this.#runTimes.spread();
  }

  get runs(): InferenceStatistics["runs"] {
    const meanBatch = this.#runs === 0 ? 0 : this.#frames / this.#runs;
    return { count: this.#runs, meanBatch, largestBatch: this.#largest };
  }
}
