import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { foreignSound, isWav, wavHeaderOf, wavSamples, writeWav } from "../../../nodes/lib/sound/index.ts";
import { chunk, fmt, riff } from "./wav-bytes.ts";

interface GoldenFile {
  name: string;
  base64: string;
  rate: number;
  channels: number;
  samples: number[];
}

const golden = JSON.parse(readFileSync(new URL("../../golden/sound/wav.json", import.meta.url), "utf8")) as {
  files: GoldenFile[];
  compressed: { name: string; base64: string }[];
};

const read = (bytes: Buffer) => {
  const header = wavHeaderOf(bytes, "msg.payload");
  return { ...header, samples: [...wavSamples(bytes, header)] };
};

/** Four samples of 16 bits: 0.5, -0.5, 0.25, -1. */
const PCM = Buffer.from([0, 0x40, 0, 0xc0, 0, 0x20, 0, 0x80]);
const SAMPLES = [0.5, -0.5, 0.25, -1];
const data = (bytes: Buffer = PCM, size?: number) => chunk("data", bytes, size);
const list = (length: number) => chunk("LIST", Buffer.alloc(length, 0x41));

describe("WAV files of other programs", () => {
  it.each(golden.files)("$name", ({ base64, rate, channels, samples }) => {
    const found = read(Buffer.from(base64, "base64"));
    expect(found).toMatchObject({ rate, channels, frames: samples.length / channels, truncated: false });
    expect(Math.max(...found.samples.map((value, i) => Math.abs(value - samples[i]!)))).toBeLessThan(1e-7);
  });

  it.each(golden.compressed)("$name is refused by its name", ({ name, base64 }) => {
    const expected = { code: "EDGE_ML_SOUND", message: expect.stringContaining(name) };
    expect(() => read(Buffer.from(base64, "base64"))).toThrow(expect.objectContaining(expected));
  });
});

describe("headers that are strange, or lie", () => {
  const odd = chunk("note", Buffer.from("abc"));
  const readable: [string, Buffer, object][] = [
    ["a plain one", riff(fmt(), data()), {}],
    ["LIST before the samples", riff(fmt(), list(26), data()), {}],
    ["the samples before their format", riff(data(), fmt()), {}],
    ["chunks behind the samples", riff(fmt(), data(), list(10)), {}],
    ["an odd chunk with padding", riff(fmt(), odd, Buffer.of(0), data()), {}],
    ["an odd chunk without padding", riff(fmt(), odd, data()), {}],
    ["a size of 0, from a pipe", riff(fmt(), data(PCM, 0)).fill(0, 4, 8), {}],
    ["a size of 0xFFFFFFFF, from a pipe", riff(fmt(), data(PCM, 0xffffffff)), {}],
    ["a size of 0x7FFFFFDB, from a pipe", riff(fmt(), data(PCM, 0x7fffffdb)), {}],
    ["a file that was cut off", riff(fmt(), data(PCM, 5000)), { truncated: true }],
    [
      "a file that was cut off inside a sample",
      riff(fmt(), data(PCM.subarray(0, 7), 8)),
      { frames: 3, truncated: true },
    ],
    ["a size that is no whole number of samples", riff(fmt(), data(PCM, 7)), { frames: 3 }],
    ["an outer size of nonsense", riff(fmt(), data()).fill(0x77, 4, 8), {}],
    ["a block align and a byte rate of 0", riff(fmt({ blockAlign: 0, byteRate: 0 }), data()), {}],
    ["a block align that lies", riff(fmt({ blockAlign: 4, byteRate: 32_000 }), data()), {}],
    ["a byte rate that lies", riff(fmt({ byteRate: 176_400 }), data()), {}],
    ["a format with an extension", riff(fmt({}, Buffer.alloc(2)), data()), {}],
    ["a 64-bit file", riff(chunk("ds64", ds64(8)), fmt(), data(PCM, 0xffffffff), list(6)).fill("RF64", 0, 4), {}],
    [
      "a 64-bit file that was not finished",
      riff(chunk("ds64", ds64(0)), fmt(), data(PCM, 0xffffffff))
        .fill(0xff, 4, 8)
        .fill("BW64", 0, 4),
      {},
    ],
  ];
  it.each(readable)("%s", (_, bytes, expected) => {
    expect(isWav(bytes)).toBe(true);
    const found = read(bytes);
    expect(found).toMatchObject({ rate: 16000, channels: 1, frames: 4, truncated: false, ...expected });
    expect(found.samples).toEqual(SAMPLES.slice(0, found.frames));
  });

  it("24 bits in 4 bytes, when block align and byte rate both say so", () => {
    const bytes = riff(
      fmt({ bits: 24, blockAlign: 4, byteRate: 64_000 }),
      data(Buffer.from([0, 0, 0, 0x40, 0, 0, 0, 0x80])),
    );
    expect(read(bytes).samples).toEqual([0.5, -1]);
  });

  it("12 bits in 2 bytes", () => {
    expect(read(riff(fmt({ bits: 12 }), data())).samples).toEqual(SAMPLES);
  });

  const refused: [string, Buffer, string][] = [
    ["no RIFF", Buffer.from("RIFFxxxxWAVX"), "RIFF"],
    ["nothing behind the first 12 bytes", riff(), "without a format"],
    ["no format", riff(data()), "without a format"],
    ["no samples", riff(fmt()), "no data chunk"],
    ["a data chunk that is empty", riff(fmt(), data(Buffer.alloc(0))), "without a single sample"],
    ["less than one sample", riff(fmt({ channels: 2 }), data(PCM.subarray(0, 3))), "without a single sample"],
    ["a header that is cut off", riff(fmt()).subarray(0, 30), "ends inside its header"],
    ["a rate of 0", riff(fmt({ rate: 0 }), data()), "0 samples a second"],
    ["a rate that cannot be", riff(fmt({ rate: 4_000_000_000 }), data()), "4000000000 samples a second"],
    ["no channels", riff(fmt({ channels: 0 }), data()), "0 channels"],
    ["65535 channels", riff(fmt({ channels: 65535 }), data()), "65535 channels"],
    ["0 bits", riff(fmt({ bits: 0 }), data()), "0-bit PCM"],
    ["64-bit integers", riff(fmt({ bits: 64 }), data()), "64-bit PCM"],
    ["16-bit floats", riff(fmt({ code: 3 }), data()), "16-bit float"],
    ["MP3 in a WAV", riff(fmt({ code: 0x55 }), data()), "MP3"],
    ["a codec that nobody knows", riff(fmt({ code: 0x4242 }), data()), "format 0x4242"],
  ];
  it.each(refused)("%s is a coded error", (_, bytes, words) => {
    const expected = {
      code: "EDGE_ML_SOUND",
      details: expect.objectContaining({ field: "msg.payload" }),
      message: expect.stringContaining(words),
    };
    expect(() => read(bytes)).toThrow(expect.objectContaining(expected));
  });

  it("whatever the bytes are, there are samples or a coded error", () => {
    const whole = riff(fmt(), list(5), data());
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 0x7fffffff;
      return seed % below;
    };
    const outcomes = { samples: 0, refused: 0 };
    for (let i = 0; i < 500; i++) {
      const bytes = Buffer.from(whole.subarray(0, 12 + random(whole.length - 11)));
      for (let flips = random(4); flips >= 0; flips--) bytes[12 + random(Math.max(1, bytes.length - 12))] = random(256);
      try {
        const { samples, frames, channels } = read(bytes);
        if (samples.length !== frames * channels) throw new Error("not the samples that the header says");
        outcomes.samples++;
      } catch (error) {
        if ((error as { code?: string }).code !== "EDGE_ML_SOUND") throw error;
        outcomes.refused++;
      }
    }
    expect(Math.min(outcomes.samples, outcomes.refused)).toBeGreaterThan(20);
  });
});

describe("writeWav", () => {
  it("writes what is read back", () => {
    const samples = Float32Array.of(0.5, -0.5, 0.25, -1, 2, 0);
    const bytes = writeWav(samples, 16000, 2);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect(read(bytes)).toMatchObject({ rate: 16000, channels: 2, format: "s16le", frames: 3, truncated: false });
    expect(read(bytes).samples).toEqual([0.5, -0.5, 0.25, -1, 32767 / 32768, 0]);
  });

  it("writes the bytes that libsndfile writes", () => {
    const { base64, samples, rate } = golden.files.find(({ name }) => name === "16 bit")!;
    expect(writeWav(samples, rate).toString("base64")).toBe(base64);
  });
});

describe("foreignSound", () => {
  it.each<[string, string | undefined]>([
    ["OggS\0\x02", "an Ogg file (Vorbis or Opus)"],
    ["fLaC\0\0\0\x22", "a FLAC file"],
    ["ID3\x04\0\0", "an MP3 file"],
    ["FORM\n\r\n\rAIFF", "an AIFF file"],
    ["RIFX\0\0\0\0WAVE", "a big-endian WAV file (RIFX)"],
    ["\x1aE\xdf\xa3", "a WebM or Matroska file"],
    ["\0\0\0\x20ftypM4A ", "an MP4 or M4A file"],
    ["RIFF\0\0\0\0WAVE", undefined],
    ["\0\0\x01\0", undefined],
    ["", undefined],
  ])("%j", (head, name) => {
    expect(foreignSound(Buffer.from(head, "latin1"))).toBe(name);
  });
});

function ds64(dataSize: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeBigUInt64LE(BigInt(dataSize), 8);
  return bytes;
}
