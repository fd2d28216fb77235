/** WAV files by hand, right and wrong. */

interface Format {
  code: number;
  channels: number;
  rate: number;
  byteRate: number;
  blockAlign: number;
  bits: number;
}

export function chunk(id: string, bytes: Buffer, size = bytes.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, "latin1");
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, bytes]);
}

/** 16 kHz, mono, 16 bits, unless something else is said. */
export function fmt(said: Partial<Format> = {}, extension: Buffer = Buffer.alloc(0)): Buffer {
  const { code = 1, channels = 1, rate = 16000, bits = 16 } = said;
  const { blockAlign = (channels * bits) / 8, byteRate = rate * blockAlign } = said;
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt16LE(channels, 2);
  bytes.writeUInt32LE(rate, 4);
  bytes.writeUInt32LE(byteRate % 2 ** 32, 8);
  bytes.writeUInt16LE(Math.floor(blockAlign) % 65536, 12);
  bytes.writeUInt16LE(bits, 14);
  return chunk("fmt ", Buffer.concat([bytes, extension]));
}

/** A file of these chunks, with the outer size that is right. */
export function riff(...chunks: Buffer[]): Buffer {
  return chunk("RIFF", Buffer.concat([Buffer.from("WAVE"), ...chunks]));
}
