import { EdgeMlError } from "../errors/index.js";
import { type Reading, StreamTable } from "../frame/index.js";
import type { ClipOptions } from "./options.js";
import { SoundRing } from "./sound-ring.js";
import { Take } from "./take.js";

/** Sound around a trigger. */
export interface Clip {
  stream: string;
  /** -1..1, [moments, channels], row-major. */
  samples: Float32Array;
  /** Hz. */
  rate: number;
  channels: number;
  /** ms since 1970, of the first sample, and of the trigger. */
  start: number;
  trigger: number;
  /** How many triggers fell into it. */
  triggers: number;
  /** False when the sound began too late or stopped before the clip was whole. */
  complete: boolean;
  /** What was given with the first trigger. */
  cause: unknown;
}

export type EmitClip = (clip: Clip) => void;

export interface ClipTrigger {
  /** The stream that it belongs to, by its name; where there is only one stream of sound, it is meant. */
  stream: string;
  /** ms since 1970, by the times of the sound; undefined: now, which is the newest sample. */
  time: number | undefined;
  cause: unknown;
}

/** ms by which a trigger may come later than its sound, beyond the clip: windows, models and replay take their time. */
const LAG = 10_000;
/** ms of the clock after which sound that does not go on has stopped. */
const STOPPED = 3000;
/** Clips of one stream that are taken at the same time. */
const MAX_TAKES = 16;
/** The most memory for samples of all streams together; beyond, the stream that was silent longest is forgotten. */
const MAX_BYTES = 256 * 1024 * 1024;

/** One stream of sound, and the clips that are being taken from it. */
interface Stream {
  ring: SoundRing;
  takes: Take[];
  /** ms, of the clock: when sound came last. */
  heard: number;
  bytes: number;
}

/**
 * Keeps the newest sound of each stream, and cuts out what was before and after a trigger. Triggers are placed by the
 * sound's own time: replayed sound gives the same clips as live sound.
 */
export class Clipper {
  /** Clips that were sent, those of them that are not whole, and triggers that had to be refused. */
  readonly counts = { clips: 0, incomplete: 0, refused: 0 };
  readonly #options: ClipOptions;
  readonly #streams: StreamTable<Stream>;
  #bytes = 0;

  constructor(options: ClipOptions) {
    this.#options = options;
    this.#streams = new StreamTable(options.maxStreams, (_, stream) => {
      this.#bytes -= stream.bytes;
    });
  }

  /** Streams of sound that are kept. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Clips that are being taken. */
  get taking(): number {
    let count = 0;
    for (const [, stream] of this.#streams.entries()) count += stream.takes.length;
    return count;
  }

  /** Bytes held for samples. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes sound in, and hands over the clips that it completes.
   * @param now ms, of the clock
   * @throws EdgeMlError EDGE_ML_PAYLOAD when it is no sound
   */
  push(reading: Reading, emit: EmitClip, now: number): void {
    const { stream: name, time, timed, values, channels = 1 } = reading;
    const rate = rateOf(reading);
    const samples = values.values;
    const stream = this.#streams.get(name, () => ({
      ring: this.#newRing(rate, channels),
      takes: [],
      heard: now,
      bytes: 0,
    }));
    stream.heard = now;
    const { ring } = stream;
    const isSame = ring.rate === rate && ring.channels === channels;
    if (!isSame || !ring.follows(time, timed, samples.length / channels)) {
      // What comes is another row of sound.
      this.#flush(name, stream, emit);
      stream.ring = this.#newRing(rate, channels);
    }
    const first = stream.ring.end;
    for (const take of stream.takes) take.push(samples, first);
    stream.ring.push(time, samples);
    this.#sendDone(name, stream, emit);
    this.#account(stream);
  }

  /**
   * Begins a clip, or extends one.
   * @throws EdgeMlError EDGE_ML_PAYLOAD when there is no sound that it belongs to
   */
  trigger({ stream: name, time, cause }: ClipTrigger, emit: EmitClip): void {
    const [key, stream] = this.#find(name);
    const { ring, takes } = stream;
    const { overlap } = this.#options;
    const at = time === undefined ? ring.end : ring.momentOf(time);
    const lag = (LAG * ring.rate) / 1000;
    if (at < ring.start || at > ring.end + lag) {
      this.counts.refused++;
      throw new EdgeMlError("EDGE_ML_PAYLOAD", {
        field: "the time of the trigger",
        got: iso(time!),
        expected: `within the sound that is kept, ${iso(ring.timeOf(ring.start))} to ${iso(ring.timeOf(ring.end))}`,
      });
    }
    const taken = overlap === "extend" ? takes.find((take) => take.reaches(at)) : undefined;
    if (taken !== undefined) taken.extend(at);
    else if (takes.length >= MAX_TAKES) {
      this.counts.refused++;
      throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
        field: "the number of clips that are being taken",
        got: takes.length + 1,
        expected: `${MAX_TAKES} of one stream`,
      });
    } else {
      const take = new Take(ring, at, cause, this.#options);
      take.catchUp();
      takes.push(take);
    }
    this.#sendDone(key, stream, emit);
    this.#account(stream);
  }

  /** Sends what there is of the clips whose sound has stopped. */
  sweep(now: number, emit: EmitClip): void {
    for (const [name, stream] of this.#streams.entries()) {
      if (stream.takes.length === 0 || now - stream.heard < STOPPED) continue;
      this.#flush(name, stream, emit);
      this.#account(stream);
    }
  }

  /** Forgets a stream, or all of them, with the clips that are being taken. */
  reset(name?: string): void {
    for (const [each, stream] of [...this.#streams.entries()]) {
      if (name !== undefined && each !== name) continue;
      this.#streams.delete(each);
      this.#bytes -= stream.bytes;
    }
  }

  #newRing(rate: number, channels: number): SoundRing {
    const { before, after, longest, ends } = this.#options;
    const behind = ends === "silence" ? Math.max(longest, after) : after;
    return new SoundRing(rate, channels, before + behind + LAG);
  }

  /** The stream of this name, or the only one. */
  #find(name: string): [string, Stream] {
    const named = this.#streams.peek(name);
    if (named !== undefined) return [name, named];
    const known = [...this.#streams.entries()];
    const [only] = known;
    if (known.length === 1) return only!;
    this.counts.refused++;
    const shown = known.slice(0, 4).map(([each]) => `"${each}"`);
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "the stream of the trigger",
      got: `"${name}"`,
      expected: known.length === 0 ? "one whose sound has come" : `one of the sound's (${shown.join(", ")})`,
    });
  }

  #sendDone(name: string, stream: Stream, emit: EmitClip): void {
    if (!stream.takes.some((take) => take.isDone)) return;
    const done = stream.takes.filter((take) => take.isDone);
    stream.takes = stream.takes.filter((take) => !take.isDone);
    for (const take of done) this.#emit(name, stream.ring, take, emit);
  }

  /** The sound has stopped: what there is of its clips is sent. */
  #flush(name: string, stream: Stream, emit: EmitClip): void {
    const { takes } = stream;
    stream.takes = [];
    for (const take of takes) this.#emit(name, stream.ring, take, emit);
  }

  #emit(name: string, ring: SoundRing, take: Take, emit: EmitClip): void {
    const { samples, start, complete } = take.result();
    if (samples.length === 0) return;
    this.counts.clips++;
    if (!complete) this.counts.incomplete++;
    emit({
      stream: name,
      samples,
      rate: ring.rate,
      channels: ring.channels,
      start: ring.timeOf(start),
      trigger: ring.timeOf(take.trigger),
      triggers: take.triggers,
      complete,
      cause: take.cause,
    });
  }

  #account(stream: Stream): void {
    const bytes = stream.takes.reduce((sum, take) => sum + take.bytes, stream.ring.bytes);
    this.#bytes += bytes - stream.bytes;
    stream.bytes = bytes;
    while (this.#bytes > MAX_BYTES && this.#streams.size > 1) this.#streams.evictOldest();
  }
}

/** @throws EdgeMlError EDGE_ML_PAYLOAD when it is no sound */
function rateOf({ values, rate }: Reading): number {
  if (values.kind === "named") {
    const expected = "sound (a Buffer or an array of samples with msg.rate), an alert, or msg.trigger";
    throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "msg.payload", got: "values by name", expected });
  }
  if (rate !== undefined) return rate;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.rate",
    got: "missing",
    expected: "the rate of the sound in Hz",
  });
}

/** Of a time that anybody may have made up. */
function iso(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}
