/** How one sample lies in the bytes: unsigned 8-bit, signed integers and floats (little-endian), and G.711. */
export type PcmFormat = "u8" | "s16le" | "s24le" | "s32le" | "f32le" | "f64le" | "alaw" | "mulaw";

/** Bytes of one sample. */
export const PCM_BYTES: Readonly<Record<PcmFormat, number>> = {
  u8: 1,
  s16le: 2,
  s24le: 3,
  s32le: 4,
  f32le: 4,
  f64le: 8,
  alaw: 1,
  mulaw: 1,
};

/**
 * PCM as numbers: integers scaled to -1..1 (full scale negative is -1), floats as they are; what is not finite becomes
 * NaN. Channels stay interleaved. Bytes at the end that make no whole sample are left out: who reads a stream carries
 * them over.
 */
export function decodePcm(bytes: Uint8Array, format: PcmFormat): Float32Array {
  const samples = new Float32Array(Math.floor(bytes.length / PCM_BYTES[format]));
  switch (format) {
    case "s16le":
      for (let i = 0, at = 0; i < samples.length; i++, at += 2) {
        samples[i] = (((bytes[at]! << 16) | (bytes[at + 1]! << 24)) >> 16) / 0x8000;
      }
      break;
    case "u8":
      for (let i = 0; i < samples.length; i++) samples[i] = (bytes[i]! - 0x80) / 0x80;
      break;
    case "s24le":
      for (let i = 0, at = 0; i < samples.length; i++, at += 3) {
        samples[i] = (((bytes[at]! << 8) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 24)) >> 8) / 0x800000;
      }
      break;
    case "alaw":
      for (let i = 0; i < samples.length; i++) samples[i] = A_LAW[bytes[i]!]!;
      break;
    case "mulaw":
      for (let i = 0; i < samples.length; i++) samples[i] = MU_LAW[bytes[i]!]!;
      break;
    default:
      decodeWords(bytes, format, samples);
  }
  return samples;
}

function decodeWords(bytes: Uint8Array, format: "s32le" | "f32le" | "f64le", samples: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === "s32le") {
    for (let i = 0; i < samples.length; i++) samples[i] = view.getInt32(4 * i, true) / 0x80000000;
    return;
  }
  for (let i = 0; i < samples.length; i++) {
    // Stored first: a float64 may be finite and yet beyond what a float32 holds.
    samples[i] = format === "f32le" ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
    if (!Number.isFinite(samples[i]!)) samples[i] = Number.NaN;
  }
}

/**
 * Samples of -1..1 as 16-bit little-endian PCM. What lies beyond is clipped; what is no number is silence. 16-bit PCM
 * that was decoded comes back to the bit.
 */
export function encodePcm16(samples: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(2 * samples.length);
  for (let i = 0, at = 0; i < samples.length; i++, at += 2) {
    const scaled = Math.round(samples[i]! * 0x8000);
    const value = scaled > 0x7fff ? 0x7fff : scaled < -0x8000 ? -0x8000 : scaled | 0;
    bytes[at] = value & 0xff;
    bytes[at + 1] = (value >> 8) & 0xff;
  }
  return bytes;
}

/** ITU-T G.711: a sign, three bits of segment, four of the step in it; the even bits of A-law are inverted. */
const A_LAW = table((byte) => {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = ((code & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return code & 0x80 ? size : -size;
});

/** ITU-T G.711: all bits of µ-law are inverted, and a bias of 33 steps of 4 is added before the segment is found. */
const MU_LAW = table((byte) => {
  const code = ~byte;
  const size = ((((code & 0x0f) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? -size : size;
});

function table(value: (byte: number) => number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => value(byte) / 0x8000);
}
