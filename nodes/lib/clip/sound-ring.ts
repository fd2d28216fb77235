import { MAX_SAMPLES } from "./options.js";

/** ms by which the times of chunks may jitter: what lies closer to where it is expected follows without a break. */
const JITTER = 500;
/** ms by which a chunk without a time of its own may arrive late, at least; early it may be as much as it likes. */
const SLACK = 1000;
/** The share of a difference that is taken over: a sound card's clock may run slower or faster than the machine's. */
const FOLLOW = 0.02;
const FIRST_CAPACITY = 1024;

/**
 * The newest moments of one stream of sound. They are counted from the start of the unbroken row, so that a time finds
 * its moment also while sound is replayed faster than it was recorded. Adding is O(1) amortised for each sample.
 */
export class SoundRing {
  readonly rate: number;
  readonly channels: number;
  /** Moments that came in the unbroken row. */
  end = 0;
  /** The most moments that are kept. */
  readonly #limit: number;
  #data: Float32Array;
  /** ms: of moment 0. */
  #origin = Number.NaN;

  /** @param keep ms of sound */
  constructor(rate: number, channels: number, keep: number) {
    this.rate = rate;
    this.channels = channels;
    this.#limit = Math.max(1, Math.min(Math.ceil((keep * rate) / 1000), Math.floor(MAX_SAMPLES / channels)));
    this.#data = new Float32Array(Math.min(this.#limit, FIRST_CAPACITY) * channels);
  }

  /** The first moment that is still here. */
  get start(): number {
    return Math.max(0, this.end - this.#capacity);
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  get #capacity(): number {
    return this.#data.length / this.channels;
  }

  /**
   * Whether a chunk goes on where the last one ended.
   * @param time ms since 1970, of its first sample
   * @param timed whether that is a time of its own, or that of its arrival
   */
  follows(time: number, timed: boolean, moments: number): boolean {
    if (Number.isNaN(this.#origin)) return true;
    const late = time - this.timeOf(this.end);
    return timed ? Math.abs(late) <= JITTER : late <= Math.max(SLACK, (2000 * moments) / this.rate);
  }

  /** ms since 1970, of a moment. */
  timeOf(moment: number): number {
    return this.#origin + (moment * 1000) / this.rate;
  }

  /** The moment of a time; it may lie outside what is here. */
  momentOf(time: number): number {
    return Math.round(((time - this.#origin) * this.rate) / 1000);
  }

  /**
   * Adds a chunk.
   * @param time ms since 1970, of its first sample
   * @param samples [moments, channels], row-major
   */
  push(time: number, samples: Float32Array | Float64Array): void {
    const late = Number.isNaN(this.#origin) ? 0 : time - this.timeOf(this.end);
    if (Number.isNaN(this.#origin)) this.#origin = time;
    else if (Math.abs(late) <= JITTER) this.#origin += FOLLOW * late;
    const { channels } = this;
    const moments = samples.length / channels;
    this.#reserve(Math.min(this.#limit, this.end + moments));
    const capacity = this.#capacity;
    let from = Math.max(0, moments - capacity);
    this.end += from;
    while (from < moments) {
      const at = this.end % capacity;
      const count = Math.min(moments - from, capacity - at);
      this.#data.set(samples.subarray(from * channels, (from + count) * channels), at * channels);
      from += count;
      this.end += count;
    }
  }

  /** The moments from..to, which must be here, in an array of their own. */
  copy(from: number, to: number): Float32Array {
    const { channels } = this;
    const capacity = this.#capacity;
    const out = new Float32Array(Math.max(0, to - from) * channels);
    for (let moment = from; moment < to; ) {
      const at = moment % capacity;
      const count = Math.min(to - moment, capacity - at);
      out.set(this.#data.subarray(at * channels, (at + count) * channels), (moment - from) * channels);
      moment += count;
    }
    return out;
  }

  /** Grows to hold so many moments: a stream that has just begun does not take the room of a long one. */
  #reserve(moments: number): void {
    const capacity = this.#capacity;
    if (moments <= capacity) return;
    const { start, end } = this;
    const kept = this.copy(start, end);
    const larger = Math.min(this.#limit, Math.max(moments, 2 * capacity));
    this.#data = new Float32Array(larger * this.channels);
    for (let moment = start; moment < end; moment++) {
      const at = (moment % larger) * this.channels;
      const from = (moment - start) * this.channels;
      for (let c = 0; c < this.channels; c++) this.#data[at + c] = kept[from + c]!;
    }
  }
}
