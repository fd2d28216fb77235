import { PolyphaseResampler, ratioOf } from "../dsp/resample/index.js";
import { decodePcm, PCM_BYTES } from "../sound/index.js";
import { OffsetFilter } from "./offset-filter.js";
import type { CaptureFormat } from "./recorder.js";
import { readStreamHeader, type StreamHeader } from "./stream-header.js";

export interface SoundStreamOptions {
  format: CaptureFormat;
  /** Hz, and channels, of what comes. */
  captureRate: number;
  channels: number;
  /** Which of the channels go on: their mean, all of them, or one by its number from 1. */
  keep: "mix" | "all" | number;
  /** dB */
  gain: number;
  /** Takes the constant part out. */
  removeOffset: boolean;
  /** Hz, and samples of each channel in a chunk, of what goes. */
  rate: number;
  chunk: number;
}

interface SoundStreamHooks {
  /** What came, interleaved; valid until the call returns. */
  came(samples: Float32Array): void;
  /**
   * A chunk.
   * @param samples interleaved, -1..1 and beyond where the gain is too high
   * @param first where its first sample lies: samples of the device since the beginning, with a fraction
   * @param isGood false when a number of the device was none; it is 0 then
   */
  chunk(samples: Float32Array, first: number, isGood: boolean): void;
}

/**
 * Bytes of a recorder → chunks of sound at the wanted rate. The bytes may come in any pieces, also in parts of a sample.
 * Each sample acts on its own: the same bytes give the same chunks.
 */
export class SoundStream {
  readonly channels: number;
  readonly #options: SoundStreamOptions;
  readonly #hooks: SoundStreamHooks;
  readonly #frameBytes: number;
  readonly #factor: number;
  readonly #row: Float64Array;
  readonly #filters: OffsetFilter[];
  readonly #resampler: PolyphaseResampler | undefined;
  #header: StreamHeader | undefined;
  /** Bytes that make no whole moment yet. */
  #rest: Buffer = Buffer.alloc(0);
  /** Moments that have come. */
  #moments = 0;
  #samples: Float32Array;
  #filled = 0;
  #first = 0;
  #isGood = true;

  /** @throws EdgeMlError EDGE_ML_SETTING when one rate is more than 1000 times the other */
  constructor(options: SoundStreamOptions, hooks: SoundStreamHooks) {
    this.#options = options;
    this.#hooks = hooks;
    const { format, captureRate, channels, keep, gain, removeOffset, rate, chunk } = options;
    this.channels = keep === "all" ? channels : 1;
    this.#frameBytes = PCM_BYTES[format] * channels;
    this.#factor = 10 ** (gain / 20);
    this.#row = new Float64Array(this.channels);
    this.#filters = removeOffset ? Array.from(this.#row, () => new OffsetFilter(captureRate)) : [];
    this.#samples = new Float32Array(chunk * this.channels);
    if (captureRate !== rate) {
      this.#resampler = new PolyphaseResampler(ratioOf(captureRate, rate), this.channels, (time, row) =>
        this.#take(time, row),
      );
    }
  }

  /** Samples of each channel that have come. */
  get captured(): number {
    return this.#moments;
  }

  /** @throws EdgeMlError EDGE_ML_CAPTURE_CONTAINER when the first bytes are those of a file, not of samples */
  push(bytes: Buffer): void {
    let all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (this.#header === undefined) {
      this.#header = readStreamHeader(all);
      if (this.#header === undefined) {
        this.#rest = Buffer.from(all);
        return;
      }
      all = all.subarray(this.#header.length);
    }
    const whole = all.length - (all.length % this.#frameBytes);
    // A copy: the stream's own memory is large, and would be kept for a few bytes.
    this.#rest = Buffer.from(all.subarray(whole));
    if (whole === 0) return;
    const samples = decodePcm(this.#swapped(all.subarray(0, whole)), this.#options.format);
    this.#hooks.came(samples);
    this.#frames(samples);
  }

  /** Samples were lost: those that come do not follow those that came. */
  interrupt(): void {
    this.#resampler?.reset();
    this.#filled = 0;
    this.#isGood = true;
  }

  #swapped(bytes: Buffer): Buffer {
    const size = PCM_BYTES[this.#options.format];
    if (!this.#header?.isSwapped || size === 1) return bytes;
    const copy = Buffer.from(bytes);
    for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
    return copy;
  }

  #frames(samples: Float32Array): void {
    const { channels, keep } = this.#options;
    const row = this.#row;
    for (let at = 0; at < samples.length; at += channels) {
      if (keep === "all") for (let c = 0; c < channels; c++) row[c] = this.#clean(samples[at + c]!, c);
      else if (keep === "mix") {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += samples[at + c]!;
        row[0] = this.#clean(sum / channels, 0);
      } else row[0] = this.#clean(samples[at + keep - 1]!, 0);
      const moment = this.#moments++;
      if (this.#resampler === undefined) this.#take(moment, row);
      else this.#resampler.push(moment, row);
    }
  }

  #clean(sample: number, channel: number): number {
    // One NaN would stay in the filters for ever.
    if (!Number.isFinite(sample)) this.#isGood = false;
    const finite = Number.isFinite(sample) ? sample * this.#factor : 0;
    return this.#filters[channel]?.next(finite) ?? finite;
  }

  #take(time: number, row: Float64Array): void {
    if (this.#filled === 0) this.#first = time;
    for (let c = 0; c < row.length; c++) this.#samples[this.#filled++] = row[c]!;
    if (this.#filled < this.#samples.length) return;
    const [samples, isGood] = [this.#samples, this.#isGood];
    this.#samples = new Float32Array(samples.length);
    this.#filled = 0;
    this.#isGood = true;
    this.#hooks.chunk(samples, this.#first, isGood);
  }
}
