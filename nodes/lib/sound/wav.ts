import { decodePcm, encodePcm16 } from "./pcm.js";
import { readWavHeader, type WavHeader } from "./wav-header.js";

/** The bytes of a header as this package writes it. */
const HEADER = 44;

/**
 * The header of a WAV file in memory.
 * @param field names it in an error
 * @throws EdgeMlError EDGE_ML_SOUND
 */
export function wavHeaderOf(bytes: Uint8Array, field: string): WavHeader {
  const reader = readWavHeader(bytes.length, field);
  let step = reader.next();
  while (!step.done) step = reader.next(bytes.subarray(step.value.at, step.value.at + step.value.length));
  return step.value;
}

/** The samples of a WAV file in memory: -1..1, channels interleaved. */
export function wavSamples(bytes: Uint8Array, { start, length, format }: WavHeader): Float32Array {
  return decodePcm(bytes.subarray(start, start + length), format);
}

/**
 * A WAV file of 16-bit PCM.
 * @param samples -1..1, channels interleaved; beyond, they are clipped
 * @param rate Hz; a WAV file knows whole numbers only
 */
export function writeWav(samples: ArrayLike<number>, rate: number, channels = 1): Buffer {
  const pcm = encodePcm16(samples);
  const header = Buffer.alloc(HEADER);
  const whole = Math.max(1, Math.round(rate));
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(HEADER - 8 + pcm.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(whole, 24);
  header.writeUInt32LE(whole * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([header, pcm]);
}
