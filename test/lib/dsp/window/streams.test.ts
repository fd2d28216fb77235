import { describe, expect, it } from "vitest";
import { Windower } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { NOW, values } from "./support.ts";

describe("idle streams", () => {
  const make = (idle: number) => {
    const windower = new Windower({ by: "samples", size: 2, hop: 2, idle });
    const frames: Frame[] = [];
    const push = (topic: string, payload: number, now: number) =>
      windower.push(readReading({ topic, payload }, NOW), (frame) => frames.push(frame), now);
    return { windower, frames, push };
  };

  it("are forgotten when another stream is used, and counted; their memory is free", () => {
    const { windower, push } = make(100);
    for (let i = 0; i < 50; i++) push(`s${i}`, 1, i);
    const { bytes } = windower;
    push("s49", 2, 130);
    expect(windower.streams).toBe(20);
    expect(windower.counts.idle).toBe(30);
    expect(windower.bytes).toBe((bytes / 50) * 20);
  });

  it("are forgotten when they are looked for", () => {
    const { windower, push } = make(100);
    push("a", 1, 0);
    windower.forgetIdle(100);
    expect(windower.streams).toBe(1);
    windower.forgetIdle(101);
    expect([windower.streams, windower.bytes, windower.evicted]).toEqual([0, 0, 0]);
  });

  it("a stream that comes back after its time begins anew", () => {
    const { frames, push } = make(100);
    push("a", 1, 0);
    push("a", 2, 101);
    push("a", 3, 150);
    expect(values(frames)).toEqual([[2, 3]]);
  });

  it("none is forgotten without the setting", () => {
    const { windower, frames, push } = make(0);
    push("a", 1, 0);
    push("a", 2, 1e12);
    windower.forgetIdle(1e15);
    expect(values(frames)).toEqual([[1, 2]]);
  });
});
