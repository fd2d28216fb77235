import { type Reading, StreamTable } from "../../frame/index.js";
import { noCounts, type WindowCounts } from "./counts.js";
import { planWindow, type WindowOptions, type WindowPlan } from "./options.js";
import { type Emit, StreamWindow } from "./stream-window.js";

/** The most memory for samples of all streams together; beyond, the stream that was silent longest is forgotten. */
export const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Readings → windows, for each stream on its own.
 * By samples: a window of `size` samples every `hop` samples. By time: the samples of [k·hop, k·hop + size) ms since
 * 1970, sent when a later reading comes; windows without a sample are not sent. The same samples give the same windows,
 * bit for bit, in whatever chunks they come.
 */
export class Windower {
  readonly counts: WindowCounts = noCounts();
  readonly #plan: WindowPlan;
  readonly #streams: StreamTable<StreamWindow>;
  readonly #create: (stream: string) => StreamWindow;
  #bytes = 0;

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(options: WindowOptions) {
    const plan = planWindow(options);
    this.#plan = plan;
    this.#streams = new StreamTable(plan.maxStreams, (_, state) => {
      this.#bytes -= state.bytes;
    });
    this.#create = (stream) => new StreamWindow(stream, plan, this.counts);
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
    return this.#streams.peek(stream)?.channels ?? [];
  }

  /**
   * Takes a reading in, and hands over the windows that it completes.
   * @throws EdgeMlError EDGE_ML_PAYLOAD, EDGE_ML_TOO_LARGE
   */
  push(reading: Reading, emit: Emit): void {
    const state = this.#streams.get(reading.stream, this.#create);
    const before = state.bytes;
    try {
      state.push(reading, emit);
    } finally {
      const grown = state.bytes - before;
      if (grown !== 0) this.#account(grown);
    }
  }

  /** Forgets a stream, or all of them. */
  reset(stream?: string): void {
    if (stream === undefined) {
      this.#streams.clear();
      this.#bytes = 0;
      return;
    }
    this.#bytes -= this.#streams.peek(stream)?.bytes ?? 0;
    this.#streams.delete(stream);
  }

  #account(grown: number): void {
    this.#bytes += grown;
    while (this.#bytes > MAX_BYTES && this.#streams.size > 1) this.#streams.evictOldest();
  }
}
