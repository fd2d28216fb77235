import { describe, expect, it } from "vitest";
import { SoundStream, type SoundStreamOptions } from "../../../nodes/lib/capture/sound-stream.ts";
import { encodePcm16 } from "../../../nodes/lib/sound/index.ts";

const usual: SoundStreamOptions = {
  format: "s16le",
  captureRate: 16_000,
  channels: 1,
  keep: "mix",
  gain: 0,
  removeOffset: false,
  rate: 16_000,
  chunk: 160,
};

interface Heard {
  samples: number[];
  firsts: number[];
  good: boolean[];
}

function hear(options: Partial<SoundStreamOptions>, bytes: Buffer, piece = bytes.length): Heard {
  const heard: Heard = { samples: [], firsts: [], good: [] };
  const stream = new SoundStream(
    { ...usual, ...options },
    {
      came: () => undefined,
      chunk: (samples, first, isGood) => {
        heard.samples.push(...samples);
        heard.firsts.push(first);
        heard.good.push(isGood);
      },
    },
  );
  for (let at = 0; at < bytes.length; at += piece) stream.push(bytes.subarray(at, at + piece));
  return heard;
}

/** Samples as bytes, one number after the other. */
function bytesOf(values: readonly number[], size: number, write: (buffer: Buffer, value: number, at: number) => void) {
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, i) => {
    write(bytes, value, size * i);
  });
  return bytes;
}
const s16 = (values: readonly number[]) => bytesOf(values, 2, (buffer, value, at) => buffer.writeInt16LE(value, at));
const ramp = (length: number, step = 257) => Array.from({ length }, (_, i) => ((i * step) << 16) >> 16);
const tone = (rate: number, hertz: number, seconds: number, amplitude = 0.5) =>
  Array.from({ length: rate * seconds }, (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate));

describe("bytes of a recorder", () => {
  it("of the usual kind pass to the bit", () => {
    const bytes = s16(ramp(1600));
    expect(encodePcm16(hear({}, bytes).samples)).toEqual(bytes);
  });

  it.each([1, 2, 3, 7, 319, 1001])("may come in pieces of %i", (piece) => {
    const bytes = s16(ramp(1200));
    const stereo: Partial<SoundStreamOptions> = { channels: 2, captureRate: 44_100, removeOffset: true };
    for (const options of [{}, stereo]) expect(hear(options, bytes, piece)).toEqual(hear(options, bytes));
  });

  const quarter: [string, Partial<SoundStreamOptions>, Buffer][] = [
    ["8 bits", { format: "u8" }, Buffer.alloc(320, 0x80 + 32)],
    ["24 bits", { format: "s24le" }, bytesOf(ramp(320, 0), 3, (b, _, at) => b.writeIntLE(0x200000, at, 3))],
    ["32 bits", { format: "s32le" }, bytesOf(ramp(320, 0), 4, (b, _, at) => b.writeInt32LE(0x20000000, at))],
    ["floats", { format: "f32le" }, bytesOf(ramp(320, 0), 4, (b, _, at) => b.writeFloatLE(0.25, at))],
    ["half as much, with 6 dB", { gain: 20 * Math.log10(2) }, s16(Array(320).fill(4096))],
    ["the mean of two", { channels: 2 }, s16(Array.from({ length: 640 }, (_, i) => (i % 2 ? 4096 : 12_288)))],
    ["the second of two", { channels: 2, keep: 2 }, s16(Array.from({ length: 640 }, (_, i) => (i % 2 ? 8192 : -999)))],
    ["all of two", { channels: 2, keep: "all" }, s16(Array(640).fill(8192))],
  ];
  it.each(quarter)("of %s mean the same", (_, options, bytes) => {
    const { samples } = hear(options, bytes);
    expect(samples.length).toBe(options.keep === "all" ? 640 : 320);
    expect(Math.max(...samples.map((x) => Math.abs(x - 0.25)))).toBeLessThan(1e-7);
  });

  it("of another rate give the same tone: level within .03 dB, no aliases, and its true time", () => {
    for (const captureRate of [8000, 44_100, 48_000]) {
      const { samples, firsts } = hear(
        { captureRate },
        s16(tone(captureRate, 1000, 0.2).map((x) => Math.round(32768 * x))),
      );
      expect(firsts.slice(1).map((first, i) => ((first - firsts[i]!) * 16_000) / captureRate)).toEqual(
        firsts.slice(1).map(() => expect.closeTo(160, 6)),
      );
      const first = firsts[0]! / captureRate;
      const off = samples.map((x, i) => x - 0.5 * Math.sin(2 * Math.PI * 1000 * (first + i / 16_000)));
      expect(Math.max(...off.map(Math.abs)), `${captureRate} Hz`).toBeLessThan(0.0015);
    }
    const high = hear({ captureRate: 48_000 }, s16(tone(48_000, 12_000, 0.2).map((x) => Math.round(32768 * x))));
    expect(Math.max(...high.samples.map(Math.abs))).toBeLessThan(0.002);
  });

  it("with an offset lose it, without a step at the beginning, and speech stays as it is", () => {
    const values = tone(16_000, 200, 2, 0.1).map((x) => Math.round(32768 * (x + 0.3)));
    const { samples } = hear({ removeOffset: true }, s16(values));
    const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
    expect(Math.abs(mean(samples.slice(16_000)))).toBeLessThan(1e-4);
    expect(Math.max(...samples.map(Math.abs))).toBeLessThan(0.12);
    const rms = Math.sqrt(mean(samples.slice(16_000).map((x) => x * x)));
    expect(20 * Math.log10(rms / (0.1 / Math.SQRT2))).toBeCloseTo(0, 1);
  });

  it("that are no numbers mark their chunk only, also behind filters", () => {
    const values = Array.from({ length: 640 }, (_, i) => (i === 200 ? Number.NaN : i === 500 ? Infinity : 0.1));
    const bytes = bytesOf(values, 4, (b, value, at) => b.writeFloatLE(value, at));
    const heard = hear({ format: "f32le", removeOffset: true }, bytes);
    expect(heard.good).toEqual([true, false, true, false]);
    expect(heard.samples.every(Number.isFinite)).toBe(true);
  });
});

describe("the header of a stream", () => {
  const samples = ramp(320);
  const au = (magic: string, body: Buffer) => {
    const header = Buffer.alloc(32);
    header.write(magic, "latin1");
    if (magic === ".snd") header.writeUInt32BE(32, 4);
    else header.writeUInt32LE(32, 4);
    return Buffer.concat([header, body]);
  };
  const swapped = Buffer.from(s16(samples)).swap16();

  it.each([1, 5, 10_000])("of AU is left out, and big-endian samples are turned (pieces of %i)", (piece) => {
    const plain = hear({}, s16(samples));
    expect(hear({}, au(".snd", swapped), piece)).toEqual(plain);
    expect(hear({}, au("dns.", s16(samples)), piece)).toEqual(plain);
  });

  it.each(["RIFF", "RF64", "OggS", "fLaC"])("of a file (%s) is refused: it would be heard as noise", (magic) => {
    const bytes = Buffer.alloc(640);
    bytes.write(magic, "latin1");
    expect(() => hear({}, bytes)).toThrow(expect.objectContaining({ code: "EDGE_ML_CAPTURE_CONTAINER" }));
  });
});
