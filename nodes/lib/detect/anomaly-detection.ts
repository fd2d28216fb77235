import { EdgeMlError } from "../errors/index.js";
import {
  type AnomalyResult,
  type Frame,
  type FrameInfo,
  GOOD,
  type Quality,
  type Reading,
  StreamTable,
  type UnscoredResult,
} from "../frame/index.js";
import { channelsOf, momentsOf } from "./channels.js";
import type { Detector } from "./detector.js";
import { Packer, Unpacker } from "./packing.js";
import { chooseDetector } from "./registry.js";
import { MAX_SAVED, type SavedDetection, type SavedStream } from "./saved-detection.js";
import type { DetectSettings } from "./settings.js";
import { Stream, type Verdict } from "./stream.js";

/** What is said of one moment; nothing is said while a stream warms up. */
export interface Detected {
  payload: AnomalyResult | UnscoredResult;
  frame: FrameInfo;
}

export interface DetectCounts {
  scored: number;
  anomalous: number;
  /** Bad data: neither scored nor learned from. */
  bad: number;
  /** Messages that were delivered twice. */
  duplicates: number;
}

/** Readings in, results out: one detector for many streams. */
export class AnomalyDetection {
  readonly counts: DetectCounts = { scored: 0, anomalous: 0, bad: 0, duplicates: 0 };
  readonly #settings: DetectSettings;
  readonly #detector: Detector;
  readonly #options: Record<string, unknown>;
  readonly #streams: StreamTable<{ stream: Stream | undefined }>;

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(settings: DetectSettings) {
    this.#settings = settings;
    const { detector, options } = chooseDetector(settings.detector, settings.options);
    this.#detector = detector;
    this.#options = options;
    this.#streams = new StreamTable(settings.streams);
    // Options that do not fit together are found now, and not with the first reading.
    detector.create(options, 1);
  }

  /** Streams that were forgotten, since there were too many. */
  get evicted(): number {
    return this.#streams.evicted;
  }

  /** How far the warm-up of a stream is; undefined afterwards. */
  warmUp(stream: string): { done: number; needed?: number } | undefined {
    const known = this.#streams.peek(stream)?.stream;
    return known === undefined ? { done: 0 } : known.warmUp;
  }

  /** @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE */
  push(reading: Reading): Detected[] {
    const stream = this.#streamOf(reading.stream, () =>
      this.#settings.channels.length > 0 ? this.#settings.channels : channelsOf(reading),
    );
    if (stream === undefined) return [this.#unscored(reading)];
    const { channels } = stream;
    const moments = momentsOf(reading, channels);
    const count = moments.length / channels.length;
    const texts = reading.values.kind === "named" ? reading.values.texts : undefined;
    const step = reading.rate === undefined ? 0 : 1000 / reading.rate;
    const single = reading.timed && count === 1 && reading.rate === undefined;
    const detected: Detected[] = [];
    for (let i = 0; i < count; i++) {
      const time = reading.time + i * step;
      const sequence = stream.sequence;
      const verdict = stream.push(
        moments.subarray(i * channels.length, (i + 1) * channels.length),
        time,
        single,
        texts,
      );
      const frame = () => describe(reading, channels, sequence, time);
      const said = this.#say(verdict, frame);
      if (said) detected.push(said);
    }
    return detected;
  }

  /**
   * A frame of features, each of which is a channel; or a window of one moment.
   * @throws EdgeMlError EDGE_ML_FRAME
   */
  pushFrame({ data, info }: Frame): Detected[] {
    const names = info.names;
    if (data.length !== names.length) {
      throw new EdgeMlError("EDGE_ML_FRAME", {
        field: "msg.frame.shape",
        got: info.shape.join(" × "),
        expected: "features, one for each name (from edge-features), or readings without a frame",
      });
    }
    if (!info.quality.ok) {
      this.counts.bad++;
      return [{ payload: { kind: "anomaly", score: null, quality: info.quality }, frame: info }];
    }
    const known = this.#streams.peek(info.stream)?.stream;
    // Other features are another stream.
    if (known && !sameNames(known.channels, names)) this.#streams.delete(info.stream);
    const stream = this.#streamOf(info.stream, () => names)!;
    const verdict = stream.push(Float64Array.from(data), info.end, false);
    const said = this.#say(verdict, () => info);
    return said ? [said] : [];
  }

  /** Forgets what was learned: of one stream, or of all. */
  reset(stream?: string): void {
    if (stream === undefined) this.#streams.clear();
    else this.#streams.delete(stream);
  }

  /** What outlives a restart; of the streams that spoke last, when it is too much. */
  save(): SavedDetection {
    const streams: SavedStream[] = [];
    let length = 0;
    for (const [name, { stream }] of [...this.#streams.entries()].reverse()) {
      if (stream === undefined || Number.isNaN(stream.time)) continue;
      const packer = new Packer();
      stream.pack(packer);
      const numbers = packer.text();
      length += numbers.length;
      if (length > MAX_SAVED) break;
      streams.push({ stream: name, channels: [...stream.channels], numbers });
    }
    return { format: 1, detector: this.#detector.id, options: this.#options, streams: streams.reverse() };
  }

  /**
   * Takes over a saved state; one of another detector or of other options is left alone.
   * @throws EdgeMlError EDGE_ML_STATE when a stream's numbers are wrong; this one and those after it begin anew
   */
  restore({ detector, options, streams }: SavedDetection): void {
    if (detector !== this.#detector.id || JSON.stringify(options) !== JSON.stringify(this.#options)) return;
    const fixed = this.#settings.channels;
    for (const { stream: name, channels, numbers } of streams) {
      if (fixed.length > 0 && !sameNames(fixed, channels)) continue;
      const stream = this.#make(channels);
      const unpacker = new Unpacker(numbers);
      stream.unpack(unpacker);
      this.#streams.get(name, () => ({ stream }));
    }
  }

  #streamOf(name: string, channels: () => readonly string[] | undefined): Stream | undefined {
    const entry = this.#streams.get(name, () => ({ stream: undefined }));
    if (entry.stream === undefined) {
      const found = channels();
      if (found !== undefined) entry.stream = this.#make(found);
    }
    return entry.stream;
  }

  #make(channels: readonly string[]): Stream {
    return new Stream(Object.freeze([...channels]), this.#detector, this.#options, this.#settings);
  }

  #say(verdict: Verdict, frame: () => FrameInfo): Detected | undefined {
    switch (verdict.kind) {
      case "learned":
        return undefined;
      case "duplicate":
        this.counts.duplicates++;
        return undefined;
      case "bad": {
        this.counts.bad++;
        const { quality } = verdict;
        return { payload: { kind: "anomaly", score: null, quality }, frame: { ...frame(), quality } };
      }
      case "scored":
        this.counts.scored++;
        if (verdict.result.anomalous) this.counts.anomalous++;
        return { payload: verdict.result, frame: frame() };
    }
  }

  /** A reading of a stream of which no number came yet. */
  #unscored(reading: Reading): Detected {
    this.counts.bad++;
    const names = reading.values.kind === "named" ? [...reading.values.names] : ["value"];
    const missing = reading.values.values.length;
    const quality: Quality = { ok: false, reasons: ["missing"], missing, filled: 0 };
    return {
      payload: { kind: "anomaly", score: null, quality },
      frame: { ...describe(reading, names, 0, reading.time), quality },
    };
  }
}

function describe(reading: Reading, channels: readonly string[], seq: number, time: number): FrameInfo {
  const info: FrameInfo = {
    kind: "window",
    shape: [1, channels.length],
    names: channels as string[],
    stream: reading.stream,
    seq,
    start: time,
    end: time,
    quality: { ...GOOD, reasons: [] },
    recipe: { version: 1 },
  };
  if (reading.rate !== undefined) info.rate = reading.rate;
  if (reading.label !== undefined) info.label = reading.label;
  return info;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
