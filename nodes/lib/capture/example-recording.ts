import { EdgeMlError } from "../errors/index.js";
import { decodePcm, findWord, mixToMono } from "../sound/index.js";
import type { CapturedChunk } from "./capture.js";

/** A spoken example, as it goes into the flow. */
export interface Example {
  /** Unique in its node; names the stream, too. */
  id: string;
  label: string;
  /** 16-bit little-endian PCM, channels interleaved. */
  pcm: Buffer;
  /** Hz */
  rate: number;
  channels: number;
  /** ms since 1970, of the first sample. */
  timestamp: number;
}

/** s: between "get ready" and "speak", while which is recorded too: what a window holds before the word; and to speak. */
export const LEAD = 1.3;
export const SPEAK = 2;
/** What is no word: all of it is kept. */
export const NO_WORD = "none";
/** s behind the word's end at which the first window ends, and the last. */
const FIRST_END = 0.05;
const LAST_END = 0.4;

/** Sound that came without a gap. */
export class ExampleRecording {
  readonly #chunks: CapturedChunk[] = [];
  #samples = 0;

  /** Seconds so far. */
  get seconds(): number {
    const rate = this.#chunks[0]?.rate;
    return rate === undefined ? 0 : this.#samples / rate;
  }

  /** @returns false when the sound has a gap, so that nothing can be made of it */
  add(chunk: CapturedChunk): boolean {
    const first = this.#chunks[0];
    const length = chunk.pcm.length / 2 / chunk.channels;
    if (first) {
      if (chunk.rate !== first.rate || chunk.channels !== first.channels) return false;
      const expected = first.timestamp + (1000 * this.#samples) / first.rate;
      // The clock of a device and that of the machine differ by little.
      if (Math.abs(chunk.timestamp - expected) > Math.max(100, (1000 * length) / chunk.rate)) return false;
    }
    this.#chunks.push(chunk);
    this.#samples += length;
    return true;
  }

  /**
   * The part that goes into the flow. Of a word: so much that the first window of `seconds` ends just behind the word, and
   * a few more follow; each holds the whole word. Of "none": all of it.
   * @throws EdgeMlError EDGE_ML_EXAMPLE when there is no word in it, or only a part of one
   */
  example(id: string, label: string, seconds: number): Example {
    const { rate, channels, timestamp } = this.#chunks[0]!;
    const pcm = Buffer.concat(this.#chunks.map((chunk) => chunk.pcm));
    const whole = { id, label, pcm, rate, channels, timestamp };
    if (label.toLowerCase() === NO_WORD) return whole;
    const samples = mixToMono(decodePcm(pcm, "s16le"), channels);
    const lead = Math.round((LEAD - 0.1) * rate);
    const word = findWord(samples.subarray(lead), rate);
    if (!word) throw refused(label, "nothing was heard that stands out of the room");
    const end = lead + word.end;
    const from = Math.round(end + (FIRST_END - seconds) * rate);
    const to = Math.round(end + LAST_END * rate);
    if (to > samples.length) throw refused(label, "the word had not ended when the recording did");
    if (from < 0 || lead + word.start < from) {
      throw refused(label, `the word is longer than the window of ${seconds} s`);
    }
    const bytes = 2 * channels;
    return {
      ...whole,
      // A copy: the rest is not kept.
      pcm: Buffer.from(pcm.subarray(from * bytes, to * bytes)),
      timestamp: timestamp + (1000 * from) / rate,
    };
  }
}

export function refused(label: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_EXAMPLE", { name: label, reason });
}
