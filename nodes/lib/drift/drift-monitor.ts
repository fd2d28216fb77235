import { type Frame, type FrameInfo, StreamTable } from "../frame/index.js";
import { type FeatureBins, MAX_BINS } from "./bins.js";
import { chanceLimit, type DriftLevel, type Stability, stability } from "./stability.js";

/** How far what comes in is from what a model learned from; plain JSON. */
export interface DriftReport {
  /** ms since 1970: when the first frame began that is counted. */
  since: number;
  /** Frames that came since then. */
  frames: number;
  /** The worst of all features. */
  level: DriftLevel;
  /** Those that drift most, first. */
  features: DriftingFeature[];
}

export interface DriftingFeature extends Stability {
  name: string;
}

/** What a model says of the frames that it learned from. */
export interface TrainingSummary {
  frames: number;
  /** One frame in `stride` of those that came was learned from. */
  stride?: number;
  features: readonly { name: string; bins?: FeatureBins }[];
  /** From one window to the next: samples, or ms. */
  hop?: { by: "samples" | "time"; size: number };
}

/** In a report. */
const MAX_FEATURES = 10;

/** So many frames back a frame counts for 1/e: as many as there were in training, within these. */
const MEMORY = { least: 500, most: 20_000 };

const MAX_STREAMS = 1024;

/** The weight of a frame grows instead of all counts shrinking; beyond this, all are divided. */
const LARGEST_WEIGHT = 1e100;

interface LastFrame {
  start: number;
  position: number;
}

/**
 * Counts in which bins of the training the features of frames fall, older ones for less and less. Frames that come more
 * often than in training, and so share more with the one before, count for less, too. Nothing is allocated for a frame
 * but the first of a stream. O(features)
 */
export class DriftMonitor {
  readonly #features: TrainingSummary["features"];
  /** Frames in training, and how many came for each. */
  readonly #trained: number;
  readonly #stride: number;
  /** The z of what chance may reach. */
  readonly #z: number;
  readonly #hop: TrainingSummary["hop"];
  readonly #memory: number;
  /** Row-major [features, MAX_BINS − 1]; infinite where a feature has fewer. */
  readonly #edges: Float32Array;
  /** Row-major [features, MAX_BINS]. */
  readonly #counts: Float64Array;
  readonly #streams = new StreamTable<LastFrame>(MAX_STREAMS);
  #weight = 1;
  #sum = 0;
  /** Of weight × share of a frame, which with #sum tells how many frames of equal weight there were (Kish 1965). */
  #squares = 0;
  #frames = 0;
  #since = 0;

  /** Undefined when the model does not say what it learned from. */
  static of(summary: TrainingSummary): DriftMonitor | undefined {
    return summary.features.some(({ bins }) => isWhole(bins)) ? new DriftMonitor(summary) : undefined;
  }

  private constructor({ frames, stride = 1, features, hop }: TrainingSummary) {
    this.#features = features;
    this.#trained = frames;
    this.#stride = stride;
    this.#z = chanceLimit(features.length);
    this.#hop = hop;
    this.#memory = Math.min(MEMORY.most, Math.max(MEMORY.least, frames * stride));
    this.#edges = new Float32Array(features.length * (MAX_BINS - 1)).fill(Number.POSITIVE_INFINITY);
    this.#counts = new Float64Array(features.length * MAX_BINS);
    for (const [i, { bins }] of features.entries()) {
      if (isWhole(bins)) this.#edges.set(bins.edges, i * (MAX_BINS - 1));
    }
  }

  /** A frame of good quality that the model takes. */
  add({ data, info }: Frame): void {
    const features = this.#features.length;
    if (data.length !== features) return;
    const share = this.#share(info);
    if (this.#frames++ === 0) this.#since = info.start;
    if (share === 0) return;
    this.#weight *= Math.exp(share / this.#memory);
    if (this.#weight > LARGEST_WEIGHT) this.#shrink();
    const added = this.#weight * share;
    this.#sum += added;
    this.#squares += this.#weight * added;
    const edges = this.#edges;
    const counts = this.#counts;
    for (let i = 0, e = 0; i < features; i++, e += MAX_BINS - 1) {
      const value = data[i]!;
      // A sum has no branches to be guessed wrong: less than half the time of a search.
      let bin = i * MAX_BINS;
      bin += +(value > edges[e]!) + +(value > edges[e + 1]!) + +(value > edges[e + 2]!);
      bin += +(value > edges[e + 3]!) + +(value > edges[e + 4]!) + +(value > edges[e + 5]!);
      bin += +(value > edges[e + 6]!) + +(value > edges[e + 7]!) + +(value > edges[e + 8]!);
      counts[bin]! += added;
    }
  }

  /** Undefined before the first frame. O(features × bins): for a status or a message, not for each frame. */
  report(): DriftReport | undefined {
    if (this.#sum === 0) return undefined;
    const found: DriftingFeature[] = [];
    const frames = this.#sum ** 2 / this.#squares / this.#stride;
    for (const [i, { name, bins }] of this.#features.entries()) {
      if (!isWhole(bins)) continue;
      const counts = this.#counts.subarray(i * MAX_BINS, (i + 1) * MAX_BINS);
      found.push({ name, ...stability(bins, counts, this.#sum, frames, this.#trained, this.#z) });
    }
    found.sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || b.psi - a.psi);
    return {
      since: this.#since,
      frames: this.#frames,
      level: found[0]!.level,
      features: found.slice(0, MAX_FEATURES),
    };
  }

  /** The share of a training frame, 0..1, that is new in this one. */
  #share({ stream, start, position = Number.NaN }: FrameInfo): number {
    const hop = this.#hop;
    if (!hop) return 1;
    const last = this.#streams.get(stream, unknown);
    const step = hop.by === "time" ? start - last.start : position - last.position;
    last.start = start;
    last.position = position;
    // The first of a stream, or one whose clock or count began anew.
    return step >= 0 && step < hop.size ? step / hop.size : 1;
  }

  #shrink(): void {
    const factor = 1 / this.#weight;
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i]! *= factor;
    this.#sum *= factor;
    this.#squares *= factor * factor;
    this.#weight = 1;
  }
}

const LEVELS: readonly DriftLevel[] = ["none", "moderate", "strong"];

const unknown = (): LastFrame => ({ start: Number.NaN, position: Number.NaN });

/** Bins that a file from elsewhere cannot break anything with. */
function isWhole(bins: FeatureBins | undefined): bins is FeatureBins {
  return bins !== undefined && bins.shares.length <= MAX_BINS && bins.shares.length === bins.edges.length + 1;
}
