import { basename } from "node:path";
import { EdgeMlError } from "../../errors/index.js";
import { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "../../sound/index.js";
import { readError } from "../open-file.js";
import type { SoundChunk, SoundCounts, SoundSource } from "../source.js";
import { type LabelAt, labelsOf, type SoundLabel } from "./labels.js";
import { inspectSound, type OpenSound, openSoundFile } from "./sound-file.js";

export interface SoundOptions {
  /** ms of sound in a reading. */
  chunk: number;
  /**
   * When the first sample is: now, and what follows goes on from there; as the file's own time says, in which its last
   * sample is the moment it was written; or at a given time.
   */
  start: "now" | "file" | "given";
  /** ms since 1970, for "given". */
  startTime?: number;
  label: SoundLabel;
}

/** One file to be played. */
export interface SoundPart {
  path: string;
  /** The stream, where the files are streams of their own. */
  topic?: string;
}

/** About so much is read at a time. */
const BLOCK = 64 * 1024;
/** The most of one reading, whatever rate and channels a header says. */
const MAX_CHUNK = 4 * 1024 * 1024;
/** Formats that 16 bits hold. */
const NARROW: ReadonlySet<PcmFormat> = new Set(["s16le", "u8", "alaw", "mulaw"]);

/**
 * Opens a WAV file, or several that are played one after the other, in memory that does not depend on their size.
 * Of several, one that cannot be read is left out and counted; when none can, the first error is thrown.
 * @param now ms since 1970: the time of the first sample, for "now"
 * @throws EdgeMlError EDGE_ML_FILE_READ, EDGE_ML_SOUND; of a table of labels what `labelsOf` throws
 */
export async function openSound(
  name: string,
  files: readonly SoundPart[],
  options: SoundOptions,
  now = Date.now(),
): Promise<SoundSource> {
  if (files.length === 1) {
    // What is wrong with the only file is said before it is played.
    await inspectSound(files[0]!.path);
    await labelsOf(files[0]!.path, options.label);
  }
  const counts: SoundCounts = { chunks: 0, duration: 0, files: 0, unreadable: 0 };
  let done = 0;
  let share = 0;
  /** Goes on over the files, and over the passes through them. */
  let next = now;

  async function* play(part: SoundPart): AsyncGenerator<SoundChunk[], void, undefined> {
    const sound = await openSoundFile(part.path);
    try {
      const labelAt = await labelsOf(part.path, options.label);
      const { rate, frames } = sound.header;
      const length = (frames * 1000) / rate;
      const start = options.start === "file" ? sound.modified - length : next;
      counts.files++;
      for await (const { chunks, read } of chunksOf(sound, options.chunk, start, labelAt)) {
        if (part.topic !== undefined) for (const chunk of chunks) chunk.topic = part.topic;
        counts.chunks += chunks.length;
        counts.duration += read / rate;
        share += read / frames;
        yield chunks;
      }
      next = start + length;
    } catch (error) {
      throw error instanceof EdgeMlError ? error : readError(part.path, error);
    } finally {
      await sound.handle.close();
    }
  }

  return {
    kind: "sound",
    file: basename(name),
    counts,
    get progress() {
      return Math.min((done + share) / files.length, 1);
    },
    async *chunks(): AsyncGenerator<SoundChunk[], void, undefined> {
      Object.assign(counts, { chunks: 0, duration: 0, files: 0, unreadable: 0 });
      done = 0;
      if (options.start === "given") next = options.startTime ?? now;
      let failure: unknown;
      for (const part of files) {
        share = 0;
        try {
          yield* play(part);
        } catch (error) {
          counts.unreadable++;
          failure ??= error;
        }
        done++;
        share = 0;
      }
      if (counts.unreadable === files.length) throw failure;
    },
  };
}

/** The chunks of an open file, block by block, with the frames that each block has. */
async function* chunksOf(
  { handle, header }: OpenSound,
  chunk: number,
  start: number,
  labelAt: LabelAt,
): AsyncGenerator<{ chunks: SoundChunk[]; read: number }, void, undefined> {
  const { rate, channels, format, frames } = header;
  const frame = PCM_BYTES[format] * channels;
  const size = Math.max(1, Math.min(Math.round((rate * chunk) / 1000), Math.floor(MAX_CHUNK / frame)));
  const block = Buffer.alloc(frame * size * Math.max(1, Math.floor(BLOCK / (frame * size))));
  for (let at = 0; at < frames; ) {
    const wanted = Math.min(block.length, (frames - at) * frame);
    const { bytesRead } = await handle.read(block, 0, wanted, header.start + at * frame);
    const read = Math.floor(bytesRead / frame);
    // The file became shorter while it was played.
    if (read === 0) return;
    const chunks: SoundChunk[] = [];
    for (let first = 0; first < read; first += size) {
      const bytes = block.subarray(first * frame, Math.min(first + size, read) * frame);
      const part: SoundChunk = {
        time: start + ((at + first) * 1000) / rate,
        payload: payloadOf(bytes, format),
        rate,
        channels,
      };
      // The label of its middle: a chunk is short.
      const label = labelAt((at + first + bytes.length / frame / 2) / rate);
      if (label !== undefined) part.label = label;
      chunks.push(part);
    }
    at += read;
    yield { chunks, read };
  }
}

/** A copy: the block is read into again. */
function payloadOf(bytes: Buffer, format: PcmFormat): Buffer | Float32Array {
  if (format === "s16le") return Buffer.from(bytes);
  const samples = decodePcm(bytes, format);
  return NARROW.has(format) ? encodePcm16(samples) : samples;
}
