import { type Reading, StreamTable } from "../../frame/index.js";
import { noCounts, type WindowCounts } from "./counts.js";
import type { Emit } from "./frame-maker.js";
import { JoinedWindow } from "./joined-window.js";
import { planWindow, type WindowOptions, type WindowPlan } from "./options.js";
import { StreamWindow } from "./stream-window.js";

/** The most memory for samples of all streams together; beyond, the stream that was silent longest is forgotten. */
export const MAX_BYTES = 256 * 1024 * 1024;

type Stream = StreamWindow | JoinedWindow;

/** The stream into which topics are joined. */
const JOINED = "";

/**
 * Readings → windows, for each stream on its own.
 * By samples: a window of `size` samples every `hop` samples. By time: the samples of [k·hop, k·hop + size) ms since
 * 1970, sent when a later reading comes; windows without a sample are not sent. The same samples give the same windows,
 * bit for bit, in whatever chunks they come.
 */
export class Windower {
  readonly counts: WindowCounts = noCounts();
  readonly #plan: WindowPlan;
  readonly #streams: StreamTable<Stream>;
  readonly #create: (stream: string) => Stream;
  #bytes = 0;
  /** The number of the first sample of a new stream: beyond all of those that were forgotten. */
  #position: number;

  /**
   * @param position the number of a stream's first sample: for those who compare windows by their position, and must not
   * take one of this windower for one of another
   * @throws EdgeMlError EDGE_ML_SETTING
   */
  constructor(options: WindowOptions, position = 0) {
    const plan = planWindow(options);
    this.#plan = plan;
    this.#position = position;
    this.#streams = new StreamTable(plan.maxStreams, (_, state) => this.#forgotten(state));
    const { align } = plan;
    this.#create = (stream) =>
      align === undefined
        ? new StreamWindow(stream, plan, this.counts, this.#position)
        : new JoinedWindow(stream, plan, align, this.counts, this.#position);
    // What does not fit together shows when the first stream is made: better now than at its first message.
    if (align !== undefined) this.#create(JOINED);
  }

  get plan(): WindowPlan {
    return this.#plan;
  }

  /** Streams that are kept. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Streams forgotten because there were too many of them. */
  get evicted(): number {
    return this.#streams.evicted;
  }

  /** Bytes held for samples. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The channels of a stream, in the frame's order; none while they are not known. */
  channels(stream: string): readonly string[] {
    return this.#streams.peek(this.#nameOf(stream))?.channels ?? [];
  }

  /**
   * Takes a reading in, and hands over the windows that it completes.
   * @param now ms, of the clock by which streams are idle
   * @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE
   */
  push(reading: Reading, emit: Emit, now = reading.time): void {
    // First: a stream that was silent for too long begins anew itself.
    if (this.#plan.idle > 0) this.forgetIdle(now);
    const state = this.#streams.get(this.#nameOf(reading.stream), this.#create);
    state.used = now;
    try {
      state.push(reading, emit);
    } finally {
      const { bytes } = state;
      if (bytes !== state.accounted) this.#account(state, bytes);
    }
  }

  /** The stream's next sample begins a window, where windows begin at events; nothing for a stream that is not known. */
  trigger(stream: string): void {
    this.#streams.peek(this.#nameOf(stream))?.trigger();
  }

  /** Forgets a stream, or all of them; of topics that are joined always all. */
  reset(stream?: string): void {
    if (stream === undefined || this.#plan.align !== undefined) {
      for (const [, state] of this.#streams.entries()) this.#forgotten(state);
      this.#streams.clear();
      return;
    }
    const state = this.#streams.peek(stream);
    if (state === undefined) return;
    this.#streams.delete(stream);
    this.#forgotten(state);
  }

  /** Forgets the streams that have been silent for longer than the plan's time. O(1) when there is none. */
  forgetIdle(now: number): void {
    const { idle } = this.#plan;
    if (idle === 0) return;
    for (let oldest = this.#streams.oldest; oldest !== undefined; oldest = this.#streams.oldest) {
      if (now - oldest.state.used <= idle) return;
      this.#streams.delete(oldest.stream);
      this.#forgotten(oldest.state);
      this.counts.idle++;
    }
  }

  /** The stream of a topic. */
  #nameOf(topic: string): string {
    return this.#plan.align === undefined ? topic : JOINED;
  }

  #forgotten(state: Stream): void {
    this.#bytes -= state.accounted;
    this.#position = Math.max(this.#position, state.nextPosition);
  }

  #account(state: Stream, bytes: number): void {
    this.#bytes += bytes - state.accounted;
    state.accounted = bytes;
    while (this.#bytes > MAX_BYTES && this.#streams.size > 1) this.#streams.evictOldest();
  }
}
