import { EdgeMlError } from "../errors/index.js";
import { PCM_BYTES, type PcmFormat } from "./pcm.js";

/** What a WAV file says of its samples, and where they are. */
export interface WavHeader {
  /** Hz. */
  rate: number;
  channels: number;
  format: PcmFormat;
  /** Where the first sample begins, in bytes. */
  start: number;
  /** Bytes of samples that are there, in whole frames. */
  length: number;
  /** Frames: one sample of each channel. */
  frames: number;
  /** The header promises more than the file holds. */
  truncated: boolean;
}

/** Bytes that the reader of a header asks for; what lies beyond the end of the file is left out. */
export interface ByteRange {
  at: number;
  length: number;
}

const MAX_CHANNELS = 512;
/** Hz. Beyond, a header is nonsense. */
const MAX_RATE = 10_000_000;
const MAX_CHUNKS = 10_000;
/** From here on a size may be what a writer into a pipe left, since it cannot go back: 2 or 4 GiB, less a header. */
const UNKNOWN_SIZE = 0x7fff0000;
const MAX_SIZE = 0xffffffff;
/** Chunks behind the samples (tags, a picture) are smaller than this. */
const TRAILING = 64 * 2 ** 20;
/** What of the fmt chunk tells something: with the extension. */
const FMT_LENGTH = 40;

const PCM = 0x0001;
const IEEE_FLOAT = 0x0003;
const A_LAW = 0x0006;
const MU_LAW = 0x0007;
const EXTENSIBLE = 0xfffe;

const CODECS: ReadonlyMap<number, string> = new Map([
  [0x0002, "MS ADPCM"],
  [0x0011, "IMA ADPCM"],
  [0x0031, "GSM 6.10"],
  [0x0050, "MPEG audio"],
  [0x0055, "MP3"],
  [0x00ff, "AAC"],
  [0x0161, "WMA"],
  [0x1610, "AAC"],
  [0x2000, "AC-3"],
  [0x674f, "Ogg Vorbis"],
  [0xf1ac, "FLAC"],
]);

/** What the fmt chunk says. */
interface Format {
  code: number;
  channels: number;
  rate: number;
  byteRate: number;
  blockAlign: number;
  bits: number;
}

/** Where the samples are, and how many bytes the header says. */
interface DataChunk {
  start: number;
  size: number;
  /** The size is that of a 64-bit file. */
  isLong: boolean;
}

/** Whether these bytes begin as a WAV file does: RIFF, or its 64-bit kinds. */
export function isWav(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && /^(RIFF|RF64|BW64)$/.test(text(bytes, 0)) && text(bytes, 8) === "WAVE";
}

/**
 * Reads the header of a WAV file, wherever its bytes are: yields the range it wants to see, and is given these bytes.
 * As forgiving as files in the world need: chunks in any order, odd chunks with or without padding, sizes of 0 or
 * 0xFFFFFFFF from writers into a pipe, sizes beyond the end, a block align or byte rate that is wrong.
 * @param size bytes, of all there is
 * @param field names the file or the message's field in an error
 * @throws EdgeMlError EDGE_ML_SOUND
 */
export function* readWavHeader(size: number, field: string): Generator<ByteRange, WavHeader, Uint8Array> {
  const head = yield { at: 0, length: 12 };
  if (!isWav(head)) throw wrong(field, "no WAV file", "one that begins with RIFF and WAVE");
  const riffSize = u32(head, 4);
  let format: Format | undefined;
  let data: DataChunk | undefined;
  /** Of the data chunk, from a 64-bit file. */
  let longSize: number | undefined;

  for (let at = 12, chunks = 0; at + 8 <= size && chunks < MAX_CHUNKS && !(format && data); chunks++) {
    const chunk = yield { at, length: 8 };
    const id = text(chunk, 0);
    const length = u32(chunk, 4);
    const start = at + 8;
    if (id === "fmt ") {
      format = formatOf(yield { at: start, length: Math.min(length, FMT_LENGTH) }, field);
    } else if (id === "ds64" && length >= 16) {
      longSize = u64(yield { at: start, length: 16 }, 8);
    } else if (id === "data") {
      const isLong = length === MAX_SIZE && longSize !== undefined;
      data = { start, size: isLong ? longSize! : length, isLong };
    }
    at = start + (id === "data" ? data!.size : length);
    // Most writers put a zero behind an odd chunk, as they should; some do not.
    if (length % 2 === 1 && at + 5 <= size && isPadded(yield { at, length: 5 })) at++;
  }
  if (format === undefined) throw wrong(field, "a WAV file without a format (fmt) before its end", "a complete one");
  if (data === undefined) throw wrong(field, "a WAV file without samples (no data chunk)", "one with sound in it");
  return headerOf(format, data, size, riffSize, field);
}

function headerOf(format: Format, data: DataChunk, size: number, riffSize: number, field: string): WavHeader {
  const there = Math.max(0, size - data.start);
  const unknown = isUnknown(data, there, riffSize + 8 === size);
  const { channels, rate } = format;
  const pcm = pcmOf(format, field);
  const frame = PCM_BYTES[pcm] * channels;
  const frames = Math.floor((unknown ? there : Math.min(data.size, there)) / frame);
  if (frames === 0) throw wrong(field, "a WAV file without a single sample", "one with sound in it");
  const truncated = !unknown && data.size > there;
  return { rate, channels, format: pcm, start: data.start, length: frames * frame, frames, truncated };
}

/** Whether nobody went back to put the size in, or it does not fit into its 32 bits: then all that follows is sound. */
function isUnknown({ size, isLong }: DataChunk, there: number, isWhole: boolean): boolean {
  if (size === 0) return !isWhole;
  if (isLong) return false;
  return size >= UNKNOWN_SIZE ? size > there || there > MAX_SIZE : there > MAX_SIZE + TRAILING;
}

function formatOf(bytes: Uint8Array, field: string): Format {
  if (bytes.length < 16) throw wrong(field, "a WAV file that ends inside its header", "a complete one");
  const format: Format = {
    code: u16(bytes, 0),
    channels: u16(bytes, 2),
    rate: u32(bytes, 4),
    byteRate: u32(bytes, 8),
    blockAlign: u16(bytes, 12),
    bits: u16(bytes, 14),
  };
  // The real code is the first half of a GUID.
  if (format.code === EXTENSIBLE && bytes.length >= 26) format.code = u16(bytes, 24);
  const { channels, rate } = format;
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw wrong(field, `a WAV file that says it has ${channels} channels`, `one of 1 to ${MAX_CHANNELS} channels`);
  }
  if (rate < 1 || rate > MAX_RATE) {
    throw wrong(field, `a WAV file that says it has ${rate} samples a second`, "one with a rate that can be");
  }
  return format;
}

function pcmOf(format: Format, field: string): PcmFormat {
  const { code, bits } = format;
  if (code === A_LAW) return "alaw";
  if (code === MU_LAW) return "mulaw";
  if (code !== PCM && code !== IEEE_FLOAT) {
    const name = CODECS.get(code) ?? `format 0x${code.toString(16).padStart(4, "0")}`;
    throw wrong(field, `a WAV file whose sound is compressed or unknown (${name})`, "PCM, float, A-law or µ-law");
  }
  const bytes = containerOf(format);
  const found = code === PCM ? INTEGERS[bytes] : FLOATS[bytes];
  if (found !== undefined) return found;
  const kind = code === PCM ? "PCM" : "float";
  throw wrong(field, `a WAV file of ${bits}-bit ${kind}`, "8-, 16-, 24- or 32-bit PCM, or 32- or 64-bit float");
}

const INTEGERS: Readonly<Record<number, PcmFormat>> = { 1: "u8", 2: "s16le", 3: "s24le", 4: "s32le" };
const FLOATS: Readonly<Record<number, PcmFormat>> = { 4: "f32le", 8: "f64le" };

/**
 * Bytes that a sample takes. The bits say it, rounded up; 24 bits may lie in 4 bytes all the same, left-justified: where
 * the block align says something else than the bits, the byte rate decides.
 */
function containerOf({ bits, blockAlign, byteRate, channels, rate }: Format): number {
  const byBits = Math.ceil(bits / 8);
  const byBlock = blockAlign / channels;
  return byBlock > byBits && byteRate === rate * blockAlign ? byBlock : byBits;
}

/** Of the bytes behind an odd chunk: whether the first is padding, and no chunk's name begins with it. */
function isPadded(bytes: Uint8Array): boolean {
  return !(isPrintable(bytes[0]!) && isPrintable(bytes[1]!) && isPrintable(bytes[2]!) && isPrintable(bytes[3]!));
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

function wrong(field: string, got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SOUND", { field, got, expected });
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) + u16(bytes, at + 2) * 0x10000;
}

function u64(bytes: Uint8Array, at: number): number {
  return u32(bytes, at) + u32(bytes, at + 4) * 0x100000000;
}
