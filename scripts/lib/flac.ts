/**
 * Reads FLAC files (RFC 9639), for the scripts and tests that work on recordings: the nodes never need it. All kinds of
 * subframes and stereo decorrelation up to 24 bits; the numbers are checked against the file's own MD5.
 */
import { createHash } from "node:crypto";
import { BitReader } from "./bit-reader.ts";

export interface FlacSound {
  /** Hz */
  rate: number;
  bits: number;
  /** One array for each channel, in the file's own steps: −32768 … 32767 with 16 bits. */
  channels: Int32Array[];
}

interface StreamInfo {
  rate: number;
  bits: number;
  channels: number;
  /** Of one channel; 0: not told. */
  samples: number;
  /** Of the interleaved little-endian samples, in hex; zeros: not told. */
  md5: string;
}

/**
 * @param name for errors
 * @throws Error with a sentence, when it is no FLAC file, is damaged or has a kind that is not read
 */
export function readFlac(bytes: Uint8Array, name = "The file"): FlacSound {
  const fail = (what: string): never => {
    throw new Error(`${name} ${what}.`);
  };
  const { info, frames } = readMetadata(bytes, fail);
  if (info.bits > 24) fail(`has ${info.bits} bits a sample: at most 24 are read`);
  const reader = new BitReader(bytes, frames);
  const blocks: Int32Array[][] = [];
  let length = 0;
  // What follows the last frame (a tag of another format) is no sound.
  while (reader.left >= 2 && (info.samples === 0 || length < info.samples)) {
    const block = readFrame(reader, info, fail);
    if (reader.left < 0) fail("ends in the middle of a frame");
    blocks.push(block);
    length += block[0]!.length;
  }
  if (info.samples > 0 && length !== info.samples) fail(`holds ${length} samples, and says ${info.samples}`);
  const channels = Array.from({ length: info.channels }, () => new Int32Array(length));
  let at = 0;
  for (const block of blocks) {
    for (const [c, part] of block.entries()) channels[c]!.set(part, at);
    at += block[0]!.length;
  }
  if (!/^0+$/.test(info.md5) && md5Of(channels, info.bits) !== info.md5) fail("is damaged: its MD5 is another one");
  return { rate: info.rate, bits: info.bits, channels };
}

function readMetadata(bytes: Uint8Array, fail: (what: string) => never): { info: StreamInfo; frames: number } {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== "fLaC") fail('is no FLAC file: it does not begin with "fLaC"');
  let info: StreamInfo | undefined;
  let at = 4;
  for (let last = false; !last; ) {
    if (at + 4 > bytes.length) fail("ends in its metadata");
    last = bytes[at]! >= 128;
    const type = bytes[at]! & 127;
    const size = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    at += 4;
    if (at + size > bytes.length) fail("ends in its metadata");
    if (type === 0) info = readStreamInfo(bytes.subarray(at, at + size));
    at += size;
  }
  return { info: info ?? fail("has no STREAMINFO"), frames: at };
}

function readStreamInfo(block: Uint8Array): StreamInfo {
  const reader = new BitReader(block, 10);
  const rate = reader.bits(20);
  const channels = reader.bits(3) + 1;
  const bits = reader.bits(5) + 1;
  const samples = reader.bits(4) * 2 ** 32 + reader.bits(16) * 2 ** 16 + reader.bits(16);
  return { rate, bits, channels, samples, md5: Buffer.from(block.subarray(18, 34)).toString("hex") };
}

/** The samples of each channel in one frame. */
function readFrame(reader: BitReader, info: StreamInfo, fail: (what: string) => never): Int32Array[] {
  if (reader.bits(14) !== 0x3ffe) fail("is damaged: a frame does not begin with its sync code");
  reader.bits(2);
  const sizeCode = reader.bits(4);
  const rateCode = reader.bits(4);
  const layout = reader.bits(4);
  reader.bits(4);
  reader.skipCodedNumber();
  const size =
    sizeCode === 1
      ? 192
      : sizeCode <= 5
        ? 576 << (sizeCode - 2)
        : sizeCode === 6
          ? reader.bits(8) + 1
          : sizeCode === 7
            ? reader.bits(16) + 1
            : 256 << (sizeCode - 8);
  if (rateCode === 12) reader.bits(8);
  else if (rateCode > 12) reader.bits(16);
  reader.bits(8);
  const count = layout < 8 ? layout + 1 : 2;
  if (layout > 10 || count !== info.channels) fail("changes its channels in the middle");
  const block = Array.from({ length: count }, (_, c) => {
    // The difference of two channels takes a bit more.
    const difference = (layout === 8 && c === 1) || (layout === 9 && c === 0) || (layout === 10 && c === 1);
    return readSubframe(reader, size, info.bits + (difference ? 1 : 0), fail);
  });
  correlate(block, layout);
  reader.align();
  reader.bits(16);
  return block;
}

/** Left and right of what stands for both. */
function correlate([a, b]: Int32Array[], layout: number): void {
  if (layout < 8) return;
  for (let i = 0; i < a!.length; i++) {
    if (layout === 8) b![i] = a![i]! - b![i]!;
    else if (layout === 9) a![i] = a![i]! + b![i]!;
    else {
      const side = b![i]!;
      const middle = (a![i]! << 1) | (side & 1);
      a![i] = (middle + side) >> 1;
      b![i] = (middle - side) >> 1;
    }
  }
}

function readSubframe(reader: BitReader, size: number, given: number, fail: (what: string) => never): Int32Array {
  reader.bits(1);
  const type = reader.bits(6);
  const wasted = reader.bits(1) === 1 ? reader.unary() + 1 : 0;
  const bits = given - wasted;
  const out = new Int32Array(size);
  if (type === 0) out.fill(reader.signed(bits));
  else if (type === 1) for (let i = 0; i < size; i++) out[i] = reader.signed(bits);
  else if (type >= 8 && type <= 12) {
    const order = type - 8;
    for (let i = 0; i < order; i++) out[i] = reader.signed(bits);
    readResidual(reader, out, order, fail);
    predict(out, FIXED[order]!, 0);
  } else if (type >= 32) {
    const order = type - 31;
    for (let i = 0; i < order; i++) out[i] = reader.signed(bits);
    const precision = reader.bits(4) + 1;
    const shift = reader.signed(5);
    const coefficients = Array.from({ length: order }, () => reader.signed(precision));
    readResidual(reader, out, order, fail);
    predict(out, coefficients, shift);
  } else fail(`is damaged: there is no subframe of type ${type}`);
  if (wasted > 0) for (let i = 0; i < size; i++) out[i] = out[i]! << wasted;
  return out;
}

/** RFC 9639, 9.2.5: what the fixed predictors make of the samples before. */
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/** Adds the prediction to the residual, in place. The sums may need more than 32 bits: they are floating point. */
function predict(out: Int32Array, coefficients: readonly number[], shift: number): void {
  const order = coefficients.length;
  const scale = 2 ** -shift;
  for (let i = order; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += coefficients[j]! * out[i - 1 - j]!;
    out[i] = out[i]! + Math.floor(sum * scale);
  }
}

/** Rice codes of the samples behind the first `order`. */
function readResidual(reader: BitReader, out: Int32Array, order: number, fail: (what: string) => never): void {
  const method = reader.bits(2);
  if (method > 1) fail("is damaged: there is no such coding of the residual");
  const width = 4 + method;
  const partitions = 1 << reader.bits(4);
  const size = out.length / partitions;
  let i = order;
  for (let p = 1; p <= partitions; p++) {
    const parameter = reader.bits(width);
    const end = p * size;
    if (parameter === 2 ** width - 1) {
      const bits = reader.bits(5);
      for (; i < end; i++) out[i] = bits === 0 ? 0 : reader.signed(bits);
    } else {
      for (; i < end; i++) {
        const folded = reader.unary() * 2 ** parameter + reader.bits(parameter);
        out[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
  }
}

function md5Of(channels: readonly Int32Array[], bits: number): string {
  const width = Math.ceil(bits / 8);
  const length = channels[0]!.length;
  const bytes = Buffer.alloc(length * channels.length * width);
  let at = 0;
  for (let i = 0; i < length; i++) {
    for (const channel of channels) at = bytes.writeIntLE(channel[i]!, at, width);
  }
  return createHash("md5").update(bytes).digest("hex");
}
