import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodePcm, encodePcm16, PCM_BYTES, type PcmFormat } from "../../../nodes/lib/sound/index.ts";

const golden = JSON.parse(readFileSync(new URL("../../golden/sound/wav.json", import.meta.url), "utf8")) as {
  alaw: number[];
  mulaw: number[];
};

const NAN = Number.NaN;

describe("decodePcm", () => {
  it.each<[PcmFormat, number[], number[]]>([
    ["u8", [0, 128, 255], [-1, 0, 127 / 128]],
    ["s16le", [0x00, 0x80, 0xff, 0x7f, 0x01, 0x00, 0xff, 0xff], [-1, 32767 / 32768, 1 / 32768, -1 / 32768]],
    [
      "s24le",
      [0x00, 0x00, 0x80, 0xff, 0xff, 0x7f, 0x01, 0x00, 0x00, 0xff, 0xff, 0xff],
      [-1, 1 - 2 ** -23, 2 ** -23, -(2 ** -23)],
    ],
    ["s32le", [0, 0, 0, 0x80, 0, 0, 0, 0x40, 0xff, 0xff, 0xff, 0xff], [-1, 0.5, -(2 ** -31)]],
    ["f32le", [0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0xff], [1, NAN, NAN]],
    ["f64le", [0, 0, 0, 0, 0, 0, 0xe0, 0xbf, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f], [-0.5, NAN]],
    ["f64le", [...new Uint8Array(Float64Array.of(1e300, 1.5).buffer)], [NAN, 1.5]],
  ])("%s %j", (format, bytes, expected) => {
    expect([...decodePcm(Uint8Array.from(bytes), format)]).toEqual(expected.map(Math.fround));
  });

  it.each(["alaw", "mulaw"] as const)("%s: all 256 codes as libsndfile reads them", (format) => {
    const every = Uint8Array.from({ length: 256 }, (_, code) => code);
    expect([...decodePcm(every, format)].map((value) => value + 0)).toEqual(golden[format].map((value) => value + 0));
  });

  it.each(Object.entries(PCM_BYTES) as [PcmFormat, number][])(
    "%s leaves out bytes that make no sample",
    (format, size) => {
      expect(decodePcm(new Uint8Array(0), format)).toHaveLength(0);
      expect(decodePcm(new Uint8Array(3 * size - 1), format)).toHaveLength(size === 1 ? 2 : 2);
      // Somewhere inside a larger buffer, as sockets and pipes give them.
      const inside = new Uint8Array(64).subarray(5, 5 + 2 * size);
      expect(decodePcm(inside, format)).toHaveLength(2);
    },
  );
});

describe("encodePcm16", () => {
  it("gives every 16-bit sample back", () => {
    const every = Buffer.alloc(2 * 65536);
    for (let i = 0; i < 65536; i++) every.writeInt16LE(i - 32768, 2 * i);
    expect(encodePcm16(decodePcm(every, "s16le")).equals(every)).toBe(true);
  });

  it.each<[number, number]>([
    [1, 32767],
    [2, 32767],
    [-2, -32768],
    [Number.POSITIVE_INFINITY, 32767],
    [Number.NEGATIVE_INFINITY, -32768],
    [NAN, 0],
    [0.4 / 32768, 0],
    [0.6 / 32768, 1],
  ])("%d is %d", (sample, value) => {
    expect(encodePcm16([sample]).readInt16LE(0)).toBe(value);
  });
});
