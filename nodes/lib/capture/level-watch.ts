import { FULL_SCALE, FULL_SCALE_8_BIT, LevelMeter } from "../sound/index.js";
import type { CaptureFormat } from "./recorder.js";

/** What a microphone hears, for people: from the last quarter of a second. */
export interface SoundLevel {
  /** dBFS of what goes into the flow. */
  rms: number;
  peak: number;
  /** -1..1: the constant part of what the device gives. */
  offset: number;
  /** 0..1: the share of samples at full scale, of the device or after the gain, whichever is worse. */
  clipped: number;
  /** s for which the device has given nothing but one and the same number. */
  silentFor: number;
}

/** Levels in a second. */
const PER_SECOND = 4;

/** Measures what comes from a device and what goes into the flow, four times a second by the count of samples. */
export class LevelWatch {
  readonly #came: LevelMeter;
  readonly #went: LevelMeter;
  readonly #due: number;
  readonly #tell: (level: SoundLevel) => void;
  #samples = 0;
  #silent = 0;

  /** @param rate Hz, and channels, of what comes */
  constructor(rate: number, channels: number, kept: number, format: CaptureFormat, tell: (level: SoundLevel) => void) {
    this.#came = new LevelMeter(channels, format === "u8" ? FULL_SCALE_8_BIT : FULL_SCALE);
    this.#went = new LevelMeter(kept);
    this.#due = Math.ceil(rate / PER_SECOND) * channels;
    this.#tell = tell;
  }

  came(samples: Float32Array): void {
    this.#came.add(samples);
    this.#samples += samples.length;
  }

  went(samples: Float32Array): void {
    this.#went.add(samples);
    if (this.#samples < this.#due) return;
    const { offset, clipped, isConstant } = this.#came.take();
    const went = this.#went.take();
    this.#silent = isConstant ? this.#silent + this.#samples / this.#due / PER_SECOND : 0;
    this.#samples = 0;
    const { rms, peak } = went;
    this.#tell({ rms, peak, offset, clipped: Math.max(clipped, went.clipped), silentFor: this.#silent });
  }
}
