/** Sound as it should not come, through edge-window and edge-features: right numbers, or a coded error. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeWav } from "../../nodes/lib/sound/index.ts";
import { chunk, fmt, riff } from "../lib/sound/wav-bytes.ts";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
let reference: number[];
beforeAll(async () => {
  runtime = await startRuntime();
  await runtime.deploy([
    {
      id: "n",
      type: "edge-window",
      ...{ by: "samples", size: 4000, hop: 2000, rate: RATE, channels: [{ channel: "value" }] },
      wires: [["f", "windows"]],
    },
    { id: "f", type: "edge-features", blocks: [LOG_MEL], wires: [["sink"]] },
    { id: "windows", type: "test-sink" },
    { id: "sink", type: "test-sink" },
  ]);
  reference = await features({ payload: pcm16(tone(RATE)), rate: RATE });
});
afterAll(() => runtime.stop());

const RATE = 16_000;
const BANDS = 40;
const LOG_MEL = {
  ...{ block: "log-mel", frameLength: 0.025, frameStride: 0.01, fftLength: 512, taper: "hann", alignment: "start" },
  ...{ spectrum: "power", bands: BANDS, lowFrequency: 60, highFrequency: 7600, melScale: "HTK", offset: 1e-6 },
};

/** 0.75 s of 1 kHz at half of full scale. */
const tone = (rate: number, gain = 0.5, offset = 0) =>
  Float32Array.from({ length: 0.75 * rate }, (_, i) => gain * Math.sin((2 * Math.PI * 1000 * i) / rate) + offset);
const pcm16 = (samples: Float32Array) => writeWav(samples, RATE).subarray(44);
const stereo = (left: Float32Array, right: Float32Array) =>
  Float32Array.from({ length: 2 * left.length }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1]!);
const bits8 = (samples: Float32Array) => Buffer.from(samples.map((sample) => Math.round(128 + 127 * sample)));

let streams = 0;

/** What came of a topic, when it is so much. */
async function came(sink: string, topic: string, count: number): Promise<Msg[]> {
  const of = () => runtime.received(sink).filter((each) => each.topic === topic);
  await until(() => of().length >= count, `${count} messages of ${topic}`);
  return of();
}

/** The bands of one frame in the middle of the second window of a message; on a stream of its own. */
async function features(msg: Msg): Promise<number[]> {
  const topic = `stream ${streams++}`;
  const { error } = await runtime.sendAndWait("n", { topic, ...msg });
  expect(error).toBeUndefined();
  const { payload, frame } = (await came("sink", topic, 2))[1]!;
  expect(frame.quality).toEqual({ ok: true, reasons: [], missing: 0, filled: 0 });
  return [...payload.slice(10 * BANDS, 11 * BANDS)];
}

/** The largest difference to the clean sound, in the bands that matter: within 40 dB of the loudest. */
function difference(bands: number[], from = 0): number {
  const loudest = Math.max(...reference);
  const near = reference.map((value, band) =>
    band >= from && loudest - value < 9.2 ? Math.abs(bands[band]! - value) : 0,
  );
  return Math.max(...near);
}

describe("sound of any kind gives the features of clean 16 kHz mono", () => {
  const cases: [string, () => Msg, number][] = [
    ["a WAV file", () => ({ payload: writeWav(tone(RATE), RATE) }), 1e-6],
    ["a WAV file with a msg.rate that is wrong", () => ({ payload: writeWav(tone(RATE), RATE), rate: 8000 }), 1e-6],
    ["44.1 kHz", () => ({ payload: writeWav(tone(44_100), 44_100) }), 0.02],
    ["48 kHz, as numbers", () => ({ payload: tone(48_000), rate: 48_000 }), 0.02],
    ["8 kHz", () => ({ payload: writeWav(tone(8000), 8000) }), 0.02],
    ["stereo", () => ({ payload: writeWav(stereo(tone(RATE), tone(RATE)), RATE, 2) }), 1e-6],
    [
      "stereo PCM, one side silent and the other loud",
      () => ({ payload: pcm16(stereo(tone(RATE, 0.999), tone(RATE, 0))), rate: RATE, channels: 2 }),
      0.01,
    ],
    [
      "8 bits",
      () => ({ payload: riff(fmt({ bits: 8 }), chunk("data", bits8(tone(RATE)))) }),
      // 127 for 128, and steps of 1/128.
      0.2,
    ],
    ["a header that says 4 GB", () => ({ payload: riff(fmt(), chunk("data", pcm16(tone(RATE)), 0xfffffff0)) }), 1e-6],
    ["a header that says 0", () => ({ payload: riff(fmt(), chunk("data", pcm16(tone(RATE)), 0)).fill(0, 4, 8) }), 1e-6],
    [
      "a header with a wrong block align and byte rate",
      () => ({ payload: riff(fmt({ blockAlign: 7, byteRate: 1 }), chunk("data", pcm16(tone(RATE)))) }),
      1e-6,
    ],
  ];
  it.each(cases)("%s", async (_, make, tolerance) => {
    expect(difference(await features(make()))).toBeLessThan(tolerance);
  });

  it("a DC offset, but for the lowest bands", async () => {
    expect(difference(await features({ payload: pcm16(tone(RATE, 0.5, 0.3)), rate: RATE }), 6)).toBeLessThan(0.02);
  });

  it("in pieces of any size, to the bit", async () => {
    const pcm = pcm16(tone(RATE));
    const topic = "pieces";
    for (let at = 0, size = 2; at < pcm.length; at += size, size += 62) {
      const { error } = await runtime.sendAndWait("n", { topic, payload: pcm.subarray(at, at + size), rate: RATE });
      expect(error).toBeUndefined();
    }
    expect([...(await came("sink", topic, 2))[1]!.payload.slice(10 * BANDS, 11 * BANDS)]).toEqual(reference);
  });
});

describe("sound that is strange, and yet sound", () => {
  it("silence: finite numbers, all the same", async () => {
    const bands = await features({ payload: Buffer.alloc(24_000), rate: RATE });
    expect(new Set(bands)).toEqual(new Set([Math.fround(Math.log(1e-6))]));
  });

  it("clipping: no flag, and the tone where it was", async () => {
    const bands = await features({ payload: pcm16(tone(RATE, 8)), rate: RATE });
    expect(bands.indexOf(Math.max(...bands))).toBe(reference.indexOf(Math.max(...reference)));
  });

  it("NaN in a chunk: the window is bad, and is not scored", async () => {
    const payload = tone(RATE);
    payload[4100] = Number.NaN;
    const topic = "nan";
    await runtime.sendAndWait("n", { topic, payload, rate: RATE });
    const windows = await came("windows", topic, 5);
    expect(windows.map(({ frame }) => frame.quality.ok)).toEqual([true, false, false, true, true]);
  });

  it("a rate that the timestamps belie: flagged", async () => {
    const payload = pcm16(tone(RATE).subarray(0, 1600));
    const topic = "wrong rate";
    // 16 kHz that says 8 kHz: each chunk claims to last twice as long as it took to come.
    for (let i = 0; i < 40; i++)
      await runtime.sendAndWait("n", { topic, payload, rate: 8000, timestamp: 1e12 + 100 * i });
    const last = () => runtime.received("windows").findLast((each) => each.topic === topic)?.frame.quality;
    await until(() => last()?.ok === false, "a window that is not ok");
    expect(last()).toMatchObject({ reasons: ["rate"] });
  });
});

describe("what is no sound is a coded error, and the node goes on", () => {
  const refused: [string, () => Msg, string][] = [
    ["a chunk of one byte", () => ({ payload: Buffer.alloc(1), rate: RATE }), "EDGE_ML_PAYLOAD"],
    ["an empty chunk", () => ({ payload: Buffer.alloc(0), rate: RATE }), "EDGE_ML_PAYLOAD"],
    ["a rate of 0", () => ({ payload: Buffer.alloc(2), rate: 0 }), "EDGE_ML_PAYLOAD"],
    ["an MP3 file", () => ({ payload: Buffer.from("ID3\x03\0\0\0\0\0\0\0\0") }), "EDGE_ML_SOUND"],
    [
      "a compressed WAV file",
      () => ({ payload: riff(fmt({ code: 0x11 }), chunk("data", Buffer.alloc(64))) }),
      "EDGE_ML_SOUND",
    ],
    [
      "a WAV file with a rate of 0",
      () => ({ payload: riff(fmt({ rate: 0 }), chunk("data", Buffer.alloc(64))) }),
      "EDGE_ML_SOUND",
    ],
    [
      "an hour in one message",
      () => ({ payload: riff(fmt({ bits: 8 }), chunk("data", Buffer.alloc(3600 * RATE, 128))) }),
      "EDGE_ML_TOO_LARGE",
    ],
  ];
  it.each(refused)("%s", async (_, make, code) => {
    const topic = `refused ${streams++}`;
    expect((await runtime.sendAndWait("n", { topic, ...make() })).error).toMatchObject({ code });
    expect((await runtime.sendAndWait("n", { topic, payload: pcm16(tone(RATE)), rate: RATE })).error).toBeUndefined();
  });
});
