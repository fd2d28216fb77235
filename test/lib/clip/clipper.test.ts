import { describe, expect, it } from "vitest";
import { type Clip, type ClipOptions, Clipper } from "../../../nodes/lib/clip/index.ts";
import { readReading } from "../../../nodes/lib/frame/index.ts";

const RATE = 1000;
const T0 = 1_700_000_000_000;
const options: ClipOptions = {
  before: 200,
  after: 300,
  ends: "time",
  quiet: 100,
  level: -40,
  longest: 1000,
  overlap: "extend",
  maxStreams: 3,
};

/** A clipper with its clips, and sound whose every sample is its number. */
function fixture(changes: Partial<ClipOptions> = {}) {
  const clipper = new Clipper({ ...options, ...changes });
  const clips: Clip[] = [];
  const emit = (clip: Clip) => clips.push(clip);
  const state = { next: 0 };
  return {
    clipper,
    clips,
    emit,
    /** Sound of so many moments, in chunks of `size`. */
    sound(moments: number, { size = 50, topic = "mic", channels = 1, value = (i: number) => i, skip = 0 } = {}) {
      state.next += skip;
      for (let done = 0; done < moments; done += size) {
        const count = Math.min(size, moments - done);
        const payload = Float32Array.from({ length: count * channels }, (_, i) => value(state.next * channels + i));
        const timestamp = T0 + (state.next * 1000) / RATE;
        clipper.push(readReading({ payload, rate: RATE, channels, topic, timestamp }, timestamp), emit, timestamp);
        state.next += count;
      }
    },
    trigger: (ms: number | undefined, stream = "mic", cause: unknown = undefined) =>
      clipper.trigger({ stream, time: ms === undefined ? undefined : T0 + ms, cause }, emit),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const refused = (code: string) => expect.objectContaining({ code });

describe("Clipper: sound before and after a trigger", () => {
  it.each([1, 7, 50, 2000])("cuts to the sample, in chunks of %d", (size) => {
    const { clips, sound, trigger } = fixture();
    sound(1000, { size });
    trigger(900, "mic", "the alert");
    expect(clips).toEqual([]);
    sound(1000, { size });
    expect(clips).toHaveLength(1);
    expect([...clips[0]!.samples]).toEqual(range(700, 1200));
    expect(clips[0]).toMatchObject({ stream: "mic", rate: RATE, channels: 1, triggers: 1, complete: true });
    expect(clips[0]).toMatchObject({ start: T0 + 700, trigger: T0 + 900, cause: "the alert" });
  });

  it("is the same whether the trigger comes at once or after its sound, as in a fast replay", () => {
    const { clips, sound, trigger } = fixture();
    sound(9000);
    trigger(2000);
    expect([...clips[0]!.samples]).toEqual(range(1800, 2300));
    expect(clips[0]!.complete).toBe(true);
  });

  it("waits for a trigger whose time has not come yet", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000);
    trigger(1400);
    sound(1000);
    expect([...clips[0]!.samples]).toEqual(range(1200, 1700));
  });

  it("takes a trigger without a time as now", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000);
    trigger(undefined);
    sound(500);
    expect([...clips[0]!.samples]).toEqual(range(800, 1300));
  });

  it("keeps the channels of a moment together", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000, { channels: 2, size: 33 });
    trigger(500);
    expect(clips[0]).toMatchObject({ channels: 2, complete: true });
    expect([...clips[0]!.samples]).toEqual(range(600, 1600));
  });

  it("finds its place in an hour of one message", () => {
    const { clips, clipper, sound, trigger } = fixture();
    sound(500);
    trigger(400);
    sound(3_600_000, { size: 3_600_000 });
    expect([...clips[0]!.samples]).toEqual(range(200, 700));
    trigger(3_600_000);
    expect([...clips[1]!.samples]).toEqual(range(3_599_800, 3_600_300));
    // What is kept of it: before, after, and 10 s.
    expect(clipper.bytes).toBeLessThan(4 * 2 * RATE * 10.5);
  });

  it("sends what there is of a trigger at the very beginning, as not complete", () => {
    const { clips, sound, trigger } = fixture();
    sound(50);
    trigger(50);
    sound(500);
    expect([...clips[0]!.samples]).toEqual(range(0, 350));
    expect(clips[0]!.complete).toBe(false);
  });

  it("may take nothing before, or nothing after", () => {
    const only = fixture({ before: 0 });
    only.sound(1000);
    only.trigger(1000);
    only.sound(1000);
    expect([...only.clips[0]!.samples]).toEqual(range(1000, 1300));
    const before = fixture({ after: 0 });
    before.sound(1000);
    before.trigger(900);
    expect([...before.clips[0]!.samples]).toEqual(range(700, 900));
  });
});

describe("Clipper: several triggers", () => {
  it("extends a clip, as far as the longest", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000);
    trigger(1000, "mic", "first");
    sound(200);
    trigger(1200, "mic", "second");
    sound(2000);
    expect(clips).toHaveLength(1);
    expect([...clips[0]!.samples]).toEqual(range(800, 1500));
    expect(clips[0]).toMatchObject({ triggers: 2, cause: "first" });
    trigger(undefined);
    for (let i = 0; i < 10; i++) {
      sound(200);
      if (clips.length === 1) trigger(undefined);
    }
    expect(clips[1]!.samples.length).toBe(200 + 1000);
  });

  it("begins a new clip once the first is whole", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000);
    trigger(500);
    trigger(900);
    sound(1000);
    expect(clips.map(({ trigger: at }) => at - T0)).toEqual([500, 900]);
  });

  it("begins clips of their own, if that is set, up to a limit", () => {
    const { clips, clipper, sound, trigger } = fixture({ overlap: "separate" });
    sound(1000);
    for (let i = 0; i < 16; i++) trigger(1000 + i);
    expect(clipper.taking).toBe(16);
    expect(() => trigger(1000)).toThrow(refused("EDGE_ML_TOO_LARGE"));
    expect(clipper.counts.refused).toBe(1);
    sound(1000);
    expect(clips).toHaveLength(16);
    expect([...clips[15]!.samples]).toEqual(range(815, 1315));
  });
});

describe("Clipper: until it is quiet", () => {
  /** Loud up to a moment, quiet from it on. */
  const until = (end: number) => (i: number) => (i < end ? (i % 2 === 0 ? 0.5 : -0.5) : 0.001);

  it.each([1, 20, 333, 4000])("ends when it has been quiet for long enough, in chunks of %d", (size) => {
    const { clips, sound, trigger } = fixture({ ends: "silence", after: 0 });
    const value = until(1600);
    sound(1000, { size, value });
    trigger(1000);
    sound(3000, { size, value });
    expect(clips[0]).toMatchObject({ complete: true, start: T0 + 800 });
    expect(clips[0]!.samples.length).toBe(200 + 600 + 100);
  });

  it("does not end before its time after the trigger", () => {
    const { clips, sound, trigger } = fixture({ ends: "silence" });
    sound(1000, { value: until(1000) });
    trigger(1000);
    sound(1000, { value: until(1000) });
    expect(clips[0]!.samples.length).toBe(200 + 300);
  });

  it("ends at the longest, however loud it is", () => {
    const { clips, sound, trigger } = fixture({ ends: "silence" });
    sound(1000, { value: until(9e9) });
    trigger(1000);
    sound(5000, { value: until(9e9) });
    expect(clips[0]!.samples.length).toBe(200 + 1000);
    expect(clips[0]!.complete).toBe(true);
  });
});

describe("Clipper: sound that stops, and streams", () => {
  it("sends what there is when no sound has come for 3 s", () => {
    const { clips, clipper, emit, sound, trigger } = fixture();
    sound(1000);
    trigger(1000);
    sound(100);
    clipper.sweep(T0 + 1050 + 2999, emit);
    expect(clips).toEqual([]);
    clipper.sweep(T0 + 1050 + 3000, emit);
    expect([...clips[0]!.samples]).toEqual(range(800, 1100));
    expect(clips[0]!.complete).toBe(false);
    expect(clipper.counts).toEqual({ clips: 1, incomplete: 1, refused: 0 });
    expect(clipper.taking).toBe(0);
  });

  it.each<[string, object, string]>([
    ["after a gap", { skip: 501 }, "mic"],
    ["when the clock is set back", { skip: -5000 }, "mic"],
    ["when the channels change", { channels: 2 }, "mic"],
  ])("%s sends what there is, and begins anew", (_, change) => {
    const { clips, sound, trigger } = fixture();
    sound(1000);
    trigger(1000);
    sound(100, change);
    expect([...clips[0]!.samples]).toEqual(range(800, 1000));
    expect(clips[0]!.complete).toBe(false);
    // The sound before is not kept any more.
    expect(() => trigger(-20_000)).toThrow(refused("EDGE_ML_PAYLOAD"));
  });

  it("takes jitter of the timestamps for what it is", () => {
    const { clips, clipper, emit, trigger } = fixture();
    for (let i = 0; i < 40; i++) {
      const timestamp = T0 + 50 * i + (i % 3) * 40;
      clipper.push(
        readReading({ payload: new Float32Array(50).fill(i), rate: RATE, topic: "mic", timestamp }, 0),
        emit,
        0,
      );
      if (i === 10) trigger(undefined);
    }
    expect(clips).toHaveLength(1);
    expect(clips[0]).toMatchObject({ complete: true });
    expect([...new Set(clips[0]!.samples)]).toEqual(range(7, 17));
  });

  it("takes chunks without timestamps as they come, also in a burst", () => {
    const { clips, clipper, emit, trigger } = fixture();
    const burst = (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        clipper.push(readReading({ payload: new Float32Array(50).fill(i), rate: RATE, topic: "mic" }, T0), emit, T0);
      }
    };
    burst(0, 40);
    trigger(undefined);
    burst(40, 80);
    expect([...new Set(clips[0]!.samples)]).toEqual(range(36, 46));
  });

  it("keeps streams apart, and takes the only one for a trigger of another name", () => {
    const { clips, sound, trigger } = fixture();
    sound(1000, { topic: "hall" });
    trigger(500, "alerts");
    expect(clips[0]!.stream).toBe("hall");
    sound(1000, { topic: "yard" });
    trigger(500, "hall");
    expect(clips[1]!.stream).toBe("hall");
    expect(() => trigger(500, "alerts")).toThrow(refused("EDGE_ML_PAYLOAD"));
  });

  it("refuses a trigger before any sound, and one whose sound is gone", () => {
    const { clipper, sound, trigger } = fixture();
    expect(() => trigger(0)).toThrow(refused("EDGE_ML_PAYLOAD"));
    sound(30_000);
    expect(() => trigger(1000)).toThrow(refused("EDGE_ML_PAYLOAD"));
    expect(() => trigger(50_000)).toThrow(refused("EDGE_ML_PAYLOAD"));
    expect(clipper.counts.refused).toBe(3);
  });

  it("forgets the stream that was silent longest", () => {
    const { clipper, sound } = fixture();
    for (const topic of ["a", "b", "c", "d"]) sound(500, { topic });
    expect(clipper.streams).toBe(3);
    const { bytes } = clipper;
    clipper.reset("b");
    expect(clipper.bytes).toBeLessThan(bytes);
    clipper.reset();
    expect([clipper.streams, clipper.bytes]).toEqual([0, 0]);
  });

  it.each<[string, object, string]>([
    ["sound without a rate", { payload: [1, 2, 3] }, "msg.rate"],
    ["values by name", { payload: { a: 1 }, rate: 10 }, "msg.payload"],
  ])("refuses %s", (_, msg, field) => {
    const { clipper, emit } = fixture();
    const error = expect.objectContaining({ code: "EDGE_ML_PAYLOAD", details: expect.objectContaining({ field }) });
    expect(() => clipper.push(readReading(msg, 0), emit, 0)).toThrow(error);
    expect(clipper.streams).toBe(0);
  });
});
