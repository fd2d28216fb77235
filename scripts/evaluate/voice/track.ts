import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodePcm16 } from "../../../nodes/lib/sound/index.ts";

/** A word in a track, in samples from its beginning. */
export interface PlacedWord {
  word: string;
  file: string;
  /** Where the speech begins and ends. */
  start: number;
  end: number;
}

/** What one microphone hears, one thing after the other. */
export interface Track {
  name: string;
  /** 16-bit PCM. */
  file: string;
  samples: number;
  /** Empty: no keyword is said in it. */
  words: PlacedWord[];
}

/** Lays sounds one after the other. */
export class TrackBuilder {
  readonly #parts: Float32Array[] = [];
  readonly words: PlacedWord[] = [];
  samples = 0;

  add(sound: Float32Array): void {
    this.#parts.push(sound);
    this.samples += sound.length;
  }

  pause(samples: number): void {
    this.add(new Float32Array(samples));
  }

  /** @param word in samples from the beginning of the sound that is added next */
  note({ start, end, ...about }: PlacedWord): void {
    this.words.push({ ...about, start: this.samples + start, end: this.samples + end });
  }

  /** Writes it into a folder. */
  write(folder: string, name: string): Track {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, "-")}.pcm`);
    writeFileSync(file, Buffer.concat(this.#parts.map((part) => encodePcm16(part))));
    return { name, file, samples: this.samples, words: this.words };
  }
}
