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
  #last: Pick<SoundLevel, "offset" | "clipped"> = { offset: 0, clipped: 0 };
  #silent = 0;

  /**
   * @param channels of the device
   * @param kept channels, and rate in Hz, of what goes into the flow
   */
  constructor(channels: number, format: CaptureFormat, kept: number, rate: number, tell: (level: SoundLevel) => void) {
    this.#came = new LevelMeter(channels, format === "u8" ? FULL_SCALE_8_BIT : FULL_SCALE);
    this.#went = new LevelMeter(kept);
    this.#due = Math.ceil(rate / PER_SECOND) * kept;
    this.#tell = tell;
  }

  came(samples: Float32Array): void {
    this.#came.add(samples);
  }

  went(samples: Float32Array): void {
    this.#went.add(samples);
    this.#samples += samples.length;
    if (this.#samples < this.#due) return;
    const { samples: count, offset, clipped, isConstant } = this.#came.take();
    // Of a burst, the device's side was measured at its first chunk.
    if (count > 0) {
      this.#last = { offset, clipped };
      if (!isConstant) this.#silent = 0;
    }
    if (isConstant || this.#silent > 0) this.#silent += this.#samples / this.#due / PER_SECOND;
    this.#samples = 0;
    const { rms, peak, clipped: after } = this.#went.take();
    const { offset: constant, clipped: before } = this.#last;
    this.#tell({ rms, peak, offset: constant, clipped: Math.max(before, after), silentFor: this.#silent });
  }
}
