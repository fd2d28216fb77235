import { type AnomalyResult, addReason, type Contribution, type Quality, reason, TimeOrder } from "../frame/index.js";
import type { Detector, Memory } from "./detector.js";
import { SortedWindow } from "./math/sorted-window.js";
import type { Packer, Unpacker } from "./packing.js";
import type { DetectSettings } from "./settings.js";
import { Surprise } from "./surprise.js";
import { thresholdFor } from "./threshold.js";

/** Raw scores before one is called rare or usual. */
const CALIBRATION = 100;
/** Scores after which one counts 1/e in what is usual. */
const SCORE_MEMORY = 10_000;
/** So many times the usual interval without a reading is an interruption. */
const INTERRUPTION = 10;
const INTERVALS = 31;
/** Larger numbers cannot be squared and added up. */
const LARGEST = 1e100;
/** A time that lies further back is another beginning, not a reading that comes late. */
const CLOCK_SET_BACK = 3_600_000;
const MAX_CONTRIBUTIONS = 16;

/** What became of one moment of a stream. */
export type Verdict =
  /** Learned from, and not scored yet, or not at this time. */
  | { kind: "learned" }
  | { kind: "scored"; result: AnomalyResult }
  | { kind: "bad"; quality: Quality }
  /** A message that was delivered twice. */
  | { kind: "duplicate" };

const LEARNED: Verdict = { kind: "learned" };
const DUPLICATE: Verdict = { kind: "duplicate" };

/** One stream: its channels, what the detector remembers of them, and how rare their scores are. */
export class Stream {
  readonly channels: readonly string[];
  /** Of the moments, from 0. */
  sequence = 0;
  readonly #detector: Detector;
  readonly #options: Record<string, unknown>;
  readonly #settings: DetectSettings;
  readonly #order = new TimeOrder(CLOCK_SET_BACK);
  readonly #intervals = new SortedWindow(INTERVALS);
  /** One for each channel; a joint detector has one for all. */
  #memories: Memory[] = [];
  #surprises: Surprise[] = [];
  /** Good readings since the stream began, or began anew. */
  #learned = 0;
  /** Readings still to be learned and not scored after an interruption. */
  #resuming = 0;
  #pausing = 0;
  readonly #last: Float64Array;
  readonly #repeats: Float64Array;
  readonly #scores: Float64Array;

  /** @throws EdgeMlError EDGE_ML_SETTING when the options do not fit together */
  constructor(
    channels: readonly string[],
    detector: Detector,
    options: Record<string, unknown>,
    settings: DetectSettings,
  ) {
    this.channels = channels;
    this.#detector = detector;
    this.#options = options;
    this.#settings = settings;
    this.#last = new Float64Array(channels.length).fill(Number.NaN);
    this.#repeats = new Float64Array(channels.length);
    this.#scores = new Float64Array(detector.joint ? 1 : channels.length);
    this.#begin();
  }

  /** ms since 1970, of the last reading; NaN before the first. */
  get time(): number {
    return this.#order.last;
  }

  /** How far the warm-up is; `needed` is missing where that depends on the times of the readings. Undefined afterwards. */
  get warmUp(): { done: number; needed?: number } | undefined {
    if (this.#surprises.every(({ seen }) => seen >= CALIBRATION)) return undefined;
    const needed = this.#detector.warmUp(this.#options);
    if (needed === undefined) return { done: this.#learned };
    // After an interruption more are needed than at first.
    const total = needed + CALIBRATION;
    return { done: Math.min(this.#learned, total), needed: total };
  }

  /**
   * @param values one for each channel; NaN where it did not come
   * @param single one moment with a timestamp of its own
   * @param texts channels whose value is no number
   */
  push(values: Float64Array, time: number, single: boolean, texts?: readonly string[]): Verdict {
    const order = this.#order.judge(time, single);
    if (order === "duplicate") return DUPLICATE;
    this.sequence++;
    if (order === "late") return { kind: "bad", quality: badTime() };
    if (order === "restart") this.#interrupt();
    else this.#pass(time - this.#order.last);
    this.#order.last = time;
    const quality = this.#check(values, texts);
    if (quality) return { kind: "bad", quality };
    this.#learned++;
    return this.#score(values, time);
  }

  /** Everything learned is forgotten. */
  #begin(): void {
    const { joint } = this.#detector;
    const count = joint ? 1 : this.channels.length;
    const make = () => this.#detector.create(this.#options as never, joint ? this.channels.length : 1);
    this.#memories = Array.from({ length: count }, make);
    this.#surprises = Array.from({ length: count }, () => new Surprise(SCORE_MEMORY));
    this.#intervals.clear();
    this.#learned = 0;
    this.#resuming = 0;
    this.#pausing = 0;
  }

  /** Time from one reading to the next. */
  #pass(interval: number): void {
    if (!(interval > 0)) return;
    const { forget } = this.#settings;
    if (forget > 0 && interval > forget) {
      this.#begin();
      return;
    }
    const known = this.#intervals.size >= INTERVALS / 2;
    if (known && interval > INTERRUPTION * this.#intervals.median()) this.#interrupt();
    this.#intervals.push(interval);
  }

  #interrupt(): void {
    for (const memory of this.#memories) memory.interrupt?.();
    this.#resuming = this.#detector.afterGap(this.#options);
  }

  /** What is wrong with the values, or undefined. */
  #check(values: Float64Array, texts: readonly string[] | undefined): Quality | undefined {
    const { stuck } = this.#settings;
    const reasons: string[] = [];
    let missing = 0;
    for (let c = 0; c < values.length; c++) {
      const value = values[c]!;
      const channel = this.channels[c]!;
      if (Number.isNaN(value)) {
        missing++;
        addReason(reasons, reason(texts?.includes(channel) ? "not-a-number" : "missing", channel));
        continue;
      }
      if (Math.abs(value) > LARGEST) addReason(reasons, reason("out-of-range", channel));
      this.#repeats[c] = value === this.#last[c] ? this.#repeats[c]! + 1 : 0;
      this.#last[c] = value;
      if (stuck > 0 && this.#repeats[c]! >= stuck) addReason(reasons, reason("stuck", channel));
    }
    return reasons.length === 0 ? undefined : { ok: false, reasons, missing, filled: 0 };
  }

  #score(values: Float64Array, time: number): Verdict {
    const { joint } = this.#detector;
    const count = this.#memories.length;
    const scores = this.#scores;
    const resuming = this.#resuming > 0;
    if (resuming) this.#resuming--;
    const threshold = thresholdFor(this.#settings.falseAlarms, this.#intervals.median() || 1000);
    // Each of several channels has its share of the false alarms.
    const share = Math.log10(count);
    let worst = Number.NEGATIVE_INFINITY;
    let complete = true;
    for (let i = 0; i < count; i++) {
      const raw = this.#memories[i]!.update(joint ? values : values.subarray(i, i + 1), time);
      scores[i] = Number.NaN;
      if (raw === undefined || resuming) {
        complete = false;
        continue;
      }
      const surprise = this.#surprises[i]!;
      if (surprise.seen >= CALIBRATION) {
        scores[i] = Math.max(0, surprise.of(raw) - share);
        this.#memories[i]!.settle?.(scores[i]! > threshold);
        worst = Math.max(worst, scores[i]!);
      } else complete = false;
      surprise.learn(raw, threshold + share);
    }
    if (!complete) return LEARNED;
    return { kind: "scored", result: this.#result(worst, threshold) };
  }

  #result(score: number, threshold: number): AnomalyResult {
    const beyond = score > threshold;
    const paused = this.#pausing > 0;
    if (paused) this.#pausing--;
    else if (beyond) this.#pausing = this.#settings.pause;
    // During the pause a score does not go beyond the threshold: that is what edge-alert looks at.
    const result: AnomalyResult = {
      kind: "anomaly",
      score: paused ? Math.min(score, threshold) : score,
      threshold,
      anomalous: beyond && !paused,
    };
    if (this.channels.length > 1 || this.channels[0] !== "value") result.contributions = this.#contributions();
    return result;
  }

  #contributions(): Contribution[] {
    const shares = this.#memories[0]!.shares?.();
    const weights = this.channels.map((_, c) => (shares ? shares[c]! : this.#scores[c]! ** 2));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return this.channels
      .map((channel, c) => ({ channel, share: sum > 0 ? weights[c]! / sum : 1 / this.channels.length }))
      .sort((a, b) => b.share - a.share)
      .slice(0, MAX_CONTRIBUTIONS);
  }

  pack(packer: Packer): void {
    packer.all([this.sequence, this.#order.last, this.#learned, this.#resuming, this.#pausing]);
    this.#intervals.pack(packer);
    for (const memory of this.#memories) memory.pack(packer);
    for (const surprise of this.#surprises) surprise.pack(packer);
  }

  /** @throws EdgeMlError EDGE_ML_STATE */
  unpack(unpacker: Unpacker): void {
    this.sequence = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#order.last = unpacker.finite();
    this.#learned = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#resuming = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#pausing = unpacker.count(Number.MAX_SAFE_INTEGER);
    this.#intervals.unpack(unpacker);
    for (const memory of this.#memories) memory.unpack(unpacker);
    for (const surprise of this.#surprises) surprise.unpack(unpacker);
    unpacker.end();
  }
}

function badTime(): Quality {
  return { ok: false, reasons: [reason("time-backwards")], missing: 0, filled: 0 };
}
