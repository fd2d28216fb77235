import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { EdgeMlError } from "../../../../nodes/lib/errors/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { type Msg, NAN, random } from "./support.ts";

/** Settings of any kind that fit each other. */
function anyOptions(pick: <T>(...of: T[]) => T): WindowOptions {
  const by = pick("samples", "time");
  const unit = by === "samples" ? 1 : 10;
  const align = pick(undefined, undefined, "asof", "interpolate");
  const listed = [{ channel: "a", max: 50 }, { channel: "b", stuck: 4 }, { channel: "a/b" }];
  const preRoll = pick(0, 1, 2) * unit;
  return {
    by,
    size: pick(3, 4, 8) * unit,
    hop: pick(1, 4, 11) * unit,
    channels: align !== undefined ? listed : pick([], listed),
    gap: { policy: pick("mark", "hold", "interpolate", "split"), limit: pick(1, 3) },
    gapLimit: pick(0, 100),
    tolerance: pick(0, 30),
    idle: pick(0, 1000),
    maxStreams: pick(1, 3),
    reset: pick(500, 3_600_000),
    label: { by: pick("end", "any", "share", "majority"), share: 0.5 },
    ...pick({}, { gate: { channel: pick("a", "g"), is: pick(">", "!="), value: 0, settle: pick(0, 0.05) } }),
    ...pick({}, { trigger: { when: pick("above", "changes", "message"), channel: "", value: 2, high: 0, preRoll } }),
    ...(align !== undefined || pick(true, false)
      ? { resample: { rate: pick(50, 100, 250), limit: pick(20, 200) } }
      : {}),
    ...(align === undefined ? {} : { align: { method: align, clock: pick("", "a"), limit: 100 } }),
  } as WindowOptions;
}

/** A message of any kind. */
function anyMessage(next: () => number, pick: <T>(...of: T[]) => T, time: number): Msg {
  const value = () => pick<unknown>(10 * next(), 10 * next(), 10 * next(), 0, 5, NAN, null, "x", 1e300, 1e-320, -1e9);
  const many = (count: number) => Array.from({ length: count }, value);
  const msg: Msg = {
    topic: pick("a", "b", "a", undefined, "__proto__"),
    payload: pick<() => unknown>(
      value,
      value,
      () => ({ a: value(), b: value(), g: value(), [pick("late", "b")]: value() }),
      () => many(pick(1, 3, 6, 30)),
      () => Float32Array.from(many(30), Number),
      () => Buffer.alloc(pick(2, 7, 60), 0x80),
      () => pick<unknown>(undefined, {}, []),
    )(),
  };
  if (next() < 0.8) msg.timestamp = time + pick(0, 0, 0, -5, -25, -1000, 3);
  if (next() < 0.3) msg.rate = pick<unknown>(100, 100, 125, 50, 0, "x");
  if (next() < 0.3) msg.label = pick("l", "m", "");
  if (next() < 0.1) msg.trigger = true;
  return msg;
}

describe("any settings and any messages", () => {
  it("give frames that are as they say, coded errors, and memory that is counted", () => {
    let frames = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const next = random(seed * 7919);
      for (let i = 0; i < 5; i++) next();
      const pick = <T>(...of: T[]): T => of[Math.floor(next() * of.length)]!;
      const windower = new Windower(anyOptions(pick));
      const positions = new Map<string, number>();
      const check = ({ info, data }: Frame) => {
        frames++;
        expect(data.length).toBe(info.shape[0]! * info.shape[1]!);
        expect(info.names.length).toBe(info.shape[1]);
        const missing = data.filter((value) => !Number.isFinite(value)).length;
        expect(info.quality.missing).toBe(missing);
        expect(info.quality.ok).toBe(info.quality.reasons.length === 0);
        if (info.quality.ok) expect(missing).toBe(0);
        expect(info.end).toBeGreaterThanOrEqual(info.start);
        expect(Number.isSafeInteger(info.position)).toBe(true);
        const before = positions.get(info.stream);
        // Two windows by time may begin with the same sample: there was none between their beginnings.
        if (before !== undefined) expect(info.position!).toBeGreaterThanOrEqual(before);
        positions.set(info.stream, info.position!);
      };
      let time = 1_000_000;
      for (let i = 0; i < 200; i++) {
        time += pick(10, 10, 10, 9, 11, 0, next() < 0.05 ? 5000 : 10);
        try {
          windower.push(readReading(anyMessage(next, pick, time), time), check, time);
        } catch (error) {
          if (!(error instanceof EdgeMlError)) throw error;
        }
        if (next() < 0.01) windower.reset(pick("a", undefined));
        if (next() < 0.02) windower.trigger("a");
        expect(windower.bytes).toBeGreaterThanOrEqual(0);
      }
      windower.reset();
      expect(windower.bytes).toBe(0);
    }
    expect(frames).toBeGreaterThan(2000);
  });
});
