/** Sound as a reading: WAV files, channels, and everything that is wrong with them. */
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { interleaved, readReading, unnamedChannels } from "../../../nodes/lib/frame/index.ts";
import { writeWav } from "../../../nodes/lib/sound/index.ts";
import { chunk, fmt, riff } from "../sound/wav-bytes.ts";

const read = (msg: object) => readReading(msg, 0);
const wav = writeWav([0.5, -0.5, 0.25, 0.125], 16_000, 2);

describe("a WAV file as a payload", () => {
  it("is decoded, and its header says rate and channels", () => {
    const { rate, channels, values } = read({ payload: wav, topic: "mic", timestamp: 5 });
    expect({ rate, channels }).toEqual({ rate: 16_000, channels: 2 });
    expect(values).toEqual({ kind: "plain", values: Float32Array.of(0.5, -0.5, 0.25, 0.125) });
  });

  it("counts against a rate and channels that were left over from another payload", () => {
    expect(read({ payload: wav, rate: 44_100, channels: 1 })).toMatchObject({ rate: 16_000, channels: 2 });
    expect(read({ payload: wav, rate: "nonsense", channels: {} })).toMatchObject({ rate: 16_000, channels: 2 });
  });

  it("may be a Uint8Array, as fetch gives it", () => {
    expect(read({ payload: new Uint8Array(wav) })).toMatchObject({ rate: 16_000, channels: 2 });
  });

  const samples: [string, Buffer, number[]][] = [
    ["8 bits", riff(fmt({ bits: 8 }), chunk("data", Buffer.of(0, 128, 255))), [-1, 0, 127 / 128]],
    ["a size that lies", riff(fmt(), chunk("data", Buffer.of(0, 0x40), 4_000_000)), [0.5]],
    ["a byte rate that lies", riff(fmt({ byteRate: 1 }), chunk("data", Buffer.of(0, 0x40))), [0.5]],
    ["silence", writeWav(new Float32Array(3), 8000), [0, 0, 0]],
    ["clipping", writeWav([2, -2], 8000), [32767 / 32768, -1]],
  ];
  it.each(samples)("%s", (_, payload, expected) => {
    expect([...read({ payload }).values.values].map(Math.fround)).toEqual(expected.map(Math.fround));
  });

  const refused: [string, object, string][] = [
    ["a rate of 0 in the header", { payload: riff(fmt({ rate: 0 }), chunk("data", Buffer.alloc(2))) }, "EDGE_ML_SOUND"],
    ["a compressed WAV file", { payload: riff(fmt({ code: 0x55 }), chunk("data", Buffer.alloc(2))) }, "EDGE_ML_SOUND"],
    ["a WAV file without samples", { payload: riff(fmt()) }, "EDGE_ML_SOUND"],
    ["an Ogg file", { payload: Buffer.from("OggS\0\x02______________") }, "EDGE_ML_SOUND"],
    ["an MP4 file", { payload: Buffer.from("\0\0\0\x20ftypM4A ____") }, "EDGE_ML_SOUND"],
    ["a chunk of one byte", { payload: Buffer.alloc(1), rate: 16_000 }, "EDGE_ML_PAYLOAD"],
    ["no whole number of moments", { payload: Buffer.alloc(6), rate: 16_000, channels: 2 }, "EDGE_ML_PAYLOAD"],
    ["channels that are none", { payload: [1, 2], channels: 0 }, "EDGE_ML_PAYLOAD"],
    ["half a channel", { payload: [1, 2], channels: 1.5 }, "EDGE_ML_PAYLOAD"],
    ["too many channels", { payload: [1, 2], channels: 513 }, "EDGE_ML_PAYLOAD"],
    ["channels as a text", { payload: [1, 2], channels: "stereo" }, "EDGE_ML_PAYLOAD"],
    ["channels as an object", { payload: [1, 2], channels: {} }, "EDGE_ML_PAYLOAD"],
  ];
  it.each(refused)("%s is a coded error", (_, msg, code) => {
    expect(() => read(msg)).toThrow(expect.objectContaining({ code }));
  });

  it("is refused when it is larger than a message may be, before it is decoded", () => {
    // 8-bit samples: more than the limit of numbers in 64 MiB of bytes.
    const payload = Buffer.concat([riff(fmt({ bits: 8 })), chunk("data", Buffer.alloc(64 * 1024 * 1024 + 1))]);
    expect(() => read({ payload })).toThrow(expect.objectContaining({ code: "EDGE_ML_TOO_LARGE" }));
  });
});

describe("msg.channels", () => {
  it.each<[string, object, number | undefined]>([
    ["of PCM", { payload: Buffer.alloc(8), channels: 2 }, 2],
    ["of an array", { payload: [1, 2, 3], channels: "3" }, 3],
    ["of another realm's array", { payload: runInNewContext("[1, 2]"), channels: 2 }, 2],
    ["that is not there", { payload: [1, 2], channels: null }, undefined],
    ["of a single number: nobody asks", { payload: 1, channels: "what?" }, undefined],
    ["of values by name: nobody asks", { payload: { a: 1, b: 2 }, channels: ["a", "b"] }, undefined],
  ])("%s", (_, msg, channels) => {
    expect(read(msg).channels).toBe(channels);
  });
});

describe("interleaved: the numbers for who has so many channels", () => {
  it.each<[string, object, number, number[]]>([
    ["as many: as they are", { payload: [1, 2, 3, 4], channels: 2 }, 2, [1, 2, 3, 4]],
    ["one: the mean", { payload: [1, 2, 3, 5], channels: 2 }, 1, [1.5, 4]],
    ["one, and a value is missing", { payload: [1, null, 3, 5], channels: 2 }, 1, [Number.NaN, 4]],
    ["nothing is said: as they are", { payload: [1, 2, 3, 4] }, 2, [1, 2, 3, 4]],
  ])("%s", (_, msg, columns, expected) => {
    expect([...interleaved(read(msg), columns)]).toEqual(expected);
  });

  it.each([
    [2, 3],
    [3, 2],
    [1, 2],
  ])("%d channels are not %d", (channels, columns) => {
    const reading = read({ payload: [1, 2, 3, 4, 5, 6], channels });
    expect(() => interleaved(reading, columns)).toThrow(expect.objectContaining({ code: "EDGE_ML_PAYLOAD" }));
  });

  it("names them", () => {
    expect([unnamedChannels(1), unnamedChannels(2)]).toEqual([["value"], ["value 1", "value 2"]]);
  });
});
