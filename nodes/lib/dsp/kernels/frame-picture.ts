import type { FrameMemory } from "./frame-memory.js";
import type { FrameKernel } from "./frame-plan.js";
import type { Framing } from "./framing.js";

/**
 * The frames of every channel of a window: [channels, frames, outputs]. With the memory of a stream, frames that the
 * window shares with the one before are taken from there: the same bits, for the price of the new frames. Taken over are
 * only frames that depend on nothing but their own samples (and the one before), and only while one sample of each, a
 * different one from frame to frame, is still what it was: something between the nodes may have changed the window.
 */
export class FramePicture {
  readonly #framing: Framing;
  readonly #channels: number;
  /** Samples before the window's first. */
  readonly #padding: number;
  /** The frames first … last − 1 depend on their own samples only. */
  readonly #first: number;
  readonly #last: number;
  /** One channel of the window with its padding; not used for one channel without. */
  readonly #samples: Float32Array;
  readonly #plain: boolean;
  readonly #wraps: boolean;
  /** Where in its frame the witness is, by slot, counted from the window's first sample: the padding is taken off. Twice. */
  readonly #places: Int32Array;

  /** @param wraps whether the sample before the window's first one is its last one: see FramePlan.preEmphasis */
  constructor(framing: Framing, channels: number, wraps: boolean) {
    const { samples, length, stride, frames, padding } = framing;
    this.#framing = framing;
    this.#channels = channels;
    this.#wraps = wraps;
    this.#padding = padding?.samples ?? 0;
    this.#plain = channels === 1 && this.#padding === 0;
    this.#samples = new Float32Array(this.#plain ? 0 : samples + 2 * this.#padding);
    let first = wraps ? 1 : 0;
    let last = frames;
    while (first < frames && first * stride < this.#padding) first++;
    while (last > first && (last - 1) * stride + length > this.#padding + samples) last--;
    this.#first = first;
    this.#last = last;
    // The golden ratio spreads the places evenly over the frame, however many there are.
    this.#places = Int32Array.from({ length: 2 * frames }, (_, i) => placeOf(i % frames, length) - this.#padding);
  }

  /**
   * @param window row-major [samples, channels]
   * @param position of the window's first sample in its stream
   * @param memory of the stream
   */
  compute(
    kernel: FrameKernel,
    window: Float32Array,
    out: Float32Array,
    offset: number,
    position: number | undefined,
    memory: FrameMemory | undefined,
  ): void {
    const { frames, stride } = this.#framing;
    const { outputs } = kernel;
    const channels = this.#channels;
    const small = frames * outputs * channels <= MOST_KEPT;
    const moved = memory !== undefined && small ? memory.moveTo(kernel, position, stride) : 0;
    if (memory?.keeps && moved < this.#last - this.#first && this.#unchanged(window, memory, moved)) {
      this.#follow(kernel, window, out, offset, memory, moved);
      return;
    }
    for (let channel = 0; channel < channels; channel++) {
      this.#frames(kernel, window, channel, 0, frames, out, offset + channel * frames * outputs);
    }
    if (memory === undefined || !small) return;
    if (moved === 0 || moved >= this.#last - this.#first) {
      memory.forget();
      return;
    }
    memory.begin(channels, frames, outputs);
    for (let channel = 0; channel < channels; channel++) {
      this.#keep(memory, window, channel, 0, frames, out, offset + channel * frames * outputs, outputs);
    }
  }

  #follow(
    kernel: FrameKernel,
    window: Float32Array,
    out: Float32Array,
    offset: number,
    memory: FrameMemory,
    moved: number,
  ): void {
    const { frames } = this.#framing;
    const { outputs } = kernel;
    const fresh = this.#last - moved;
    memory.shift(moved);
    for (let channel = 0; channel < this.#channels; channel++) {
      const at = offset + channel * frames * outputs;
      this.#frames(kernel, window, channel, fresh, moved, out, at + fresh * outputs);
      this.#keep(memory, window, channel, fresh, moved, out, at + fresh * outputs, outputs);
      memory.copy(channel, out, at);
      if (this.#first > 0) this.#frames(kernel, window, channel, 0, this.#first, out, at);
      const rest = frames - this.#last;
      if (rest > 0) this.#frames(kernel, window, channel, this.#last, rest, out, at + this.#last * outputs);
    }
  }

  /** Whether the witnesses of all frames that would be taken over are what they were. */
  #unchanged(window: Float32Array, memory: FrameMemory, moved: number): boolean {
    const { frames, stride } = this.#framing;
    const channels = this.#channels;
    const places = this.#places;
    const { witnesses } = memory;
    const end = this.#last - moved;
    const slot = memory.slot(0, moved);
    for (let channel = 0; channel < channels; channel++) {
      const row = 2 * channel * frames + slot;
      for (let k = this.#first; k < end; k++) {
        const before = witnesses[row + k]!;
        const now = window[(k * stride + places[slot + k]!) * channels + channel]!;
        if (now !== before && !(Number.isNaN(now) && Number.isNaN(before))) return false;
      }
    }
    return true;
  }

  #keep(
    memory: FrameMemory,
    window: Float32Array,
    channel: number,
    from: number,
    count: number,
    out: Float32Array,
    offset: number,
    outputs: number,
  ): void {
    for (let i = 0; i < count; i++) {
      const k = from + i;
      memory.keep(channel, k, out, offset + i * outputs, this.#witness(window, channel, k, memory.slot(k, 0)));
    }
  }

  /** NaN where it lies in the padding, of a frame that is not taken over. */
  #witness(window: Float32Array, channel: number, k: number, slot: number): number {
    const i = k * this.#framing.stride + this.#places[slot]!;
    return window[i * this.#channels + channel] ?? Number.NaN;
  }

  #frames(
    kernel: FrameKernel,
    window: Float32Array,
    channel: number,
    first: number,
    count: number,
    out: Float32Array,
    offset: number,
  ): void {
    if (this.#plain) {
      kernel.compute(window, first, count, out, offset);
      return;
    }
    const { stride, length } = this.#framing;
    const from = first * stride;
    // Pre-emphasis looks one sample back.
    this.#load(window, channel, Math.max(0, from - 1), (first + count - 1) * stride + length);
    if (this.#wraps && first === 0) this.#load(window, channel, this.#samples.length - 1, this.#samples.length);
    kernel.compute(this.#samples, first, count, out, offset);
  }

  /** Samples from … to − 1 of a channel, padding included. */
  #load(window: Float32Array, channel: number, from: number, to: number): void {
    const channels = this.#channels;
    const samples = this.#samples;
    const padding = this.#padding;
    const end = this.#framing.samples;
    for (let at = from; at < to; at++) {
      let i = at - padding;
      if (i < 0 || i >= end) {
        if (this.#framing.padding?.kind !== "reflect") {
          samples[at] = 0;
          continue;
        }
        i = i < 0 ? -i : 2 * (end - 1) - i;
      }
      samples[at] = window[i * channels + channel]!;
    }
  }
}

/** Numbers of a window that a memory keeps, for there may be many streams: 256 kB, written twice. */
const MOST_KEPT = 65_536;

/** The golden ratio spreads the places evenly over a frame, however many there are. */
function placeOf(slot: number, length: number): number {
  return Math.floor(((slot * 0.618033988749895) % 1) * length);
}
