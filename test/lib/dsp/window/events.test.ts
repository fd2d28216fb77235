import { describe, expect, it } from "vitest";
import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";
import { at, type Msg, NAN, NOW, run, values } from "./support.ts";

type Trigger = NonNullable<WindowOptions["trigger"]>;

const trigger = (more: Partial<Trigger> = {}): Trigger => ({
  when: "above",
  channel: "",
  value: 5,
  high: 0,
  preRoll: 0,
  ...more,
});
const series = (data: readonly number[], step = 1) => data.map((value, i) => at(i * step, value));

describe("event windows", () => {
  const NONE: number[] = [];
  const kinds: [string, Partial<Trigger>, number[], number[]][] = [
    ["above", { when: "above", value: 5 }, [0, 5, 6, 7, 5, 6, 0], [6, 6]],
    ["above: no event while it stays there", { when: "above", value: 5 }, [9, 9, 9], NONE],
    ["above: a missing value does not hide the crossing", { when: "above", value: 5 }, [0, NAN, 6], [6]],
    ["below", { when: "below", value: 5 }, [9, 5, 4, 3, 6, 2], [4, 2]],
    ["leaves, either side", { when: "leaves", value: -1, high: 1 }, [0, 2, 3, 1, -2, -3, 0], [2, -2]],
    ["changes", { when: "changes", value: 2 }, [0, 2, 5, 5, 1, NAN, 9], [5, 1, 9]],
    ["message", { when: "message" }, [0, 99, -99], NONE],
  ];
  it.each(kinds)("begin when the channel is %s", (_, more, data, begins) => {
    const { frames, windower } = run({ by: "samples", size: 1, hop: 1, trigger: trigger(more) }, series(data));
    expect(values(frames).flat()).toEqual(begins);
    expect(windower.counts).toMatchObject({ events: begins.length, missedEvents: 0 });
  });

  it("begin at a message that says so, whatever the channel does", () => {
    for (const when of ["message", "above"] as const) {
      const { frames } = run({ by: "samples", size: 2, hop: 2, trigger: trigger({ when }) }, [
        at(0, 0),
        at(1, 1, { trigger: true }),
        at(2, 2),
        at(3, 3, { trigger: "true" }),
        at(4, 4, { trigger: false }),
      ]);
      expect(values(frames)).toEqual([[1, 2]]);
    }
  });

  it("begin at the next sample of a stream that was told so", () => {
    const windower = new Windower({ by: "samples", size: 1, hop: 1, trigger: trigger({ when: "message" }) });
    const frames: Frame[] = [];
    const push = (msg: Msg) => windower.push(readReading(msg, NOW), (frame) => frames.push(frame));
    push(at(0, 0, { topic: "a" }));
    windower.trigger("a");
    windower.trigger("unknown");
    push(at(1, 1, { topic: "b" }));
    push(at(2, 2, { topic: "a" }));
    push(at(3, 3, { topic: "a" }));
    expect(values(frames)).toEqual([[2]]);
    expect(windower.streams).toBe(2);
  });

  it("by samples: the pre-roll, then the event, and the full size", () => {
    const { frames } = run(
      { by: "samples", size: 5, hop: 5, trigger: trigger({ preRoll: 2 }) },
      series([0, 1, 2, 3, 9, 8, 7, 6, 5, 4, 9, 1, 1, 1]),
    );
    expect(values(frames)).toEqual([
      [2, 3, 9, 8, 7],
      [5, 4, 9, 1, 1],
    ]);
    expect(frames.map(({ info }) => [info.start, info.end, info.position, info.seq])).toEqual([
      [2, 6, 2, 0],
      [8, 12, 8, 1],
    ]);
  });

  it("by time: from the pre-roll before the event, for the full size", () => {
    const { frames } = run(
      { by: "time", size: 50, hop: 50, trigger: trigger({ preRoll: 20 }) },
      series([0, 1, 2, 3, 9, 8, 7, 6, 5, 4, 9, 1, 1, 1, 2], 10),
    );
    expect(frames.map(({ info, data }) => [info.start, info.end, info.position, ...data])).toEqual([
      [20, 60, 2, 2, 3, 9, 8, 7],
      [80, 120, 8, 5, 4, 9, 1, 1],
    ]);
  });

  it("an event before the pre-roll is there, or while a window is being filled, is missed and counted", () => {
    for (const by of ["samples", "time"] as const) {
      const { frames, windower } = run(
        { by, size: 4, hop: 4, trigger: trigger({ preRoll: 3 }) },
        series([0, 9, 0, 0, 0, 9, 0, 0, 0, 0]),
      );
      expect(values(frames)).toEqual([[0, 0, 0, 9]]);
      expect(windower.counts).toMatchObject({ events: 2, missedEvents: 1 });
    }
  });

  it("rests until the hop has passed since the event", () => {
    for (const by of ["samples", "time"] as const) {
      const { frames } = run({ by, size: 2, hop: 6, trigger: trigger() }, series([0, 9, 0, 0, 9, 0, 8, 0, 9, 1, 1]));
      expect(values(frames)).toEqual([
        [9, 0],
        [9, 1],
      ]);
    }
  });

  it("windows may overlap by their pre-roll, and say so by their position", () => {
    const { frames } = run(
      { by: "samples", size: 4, hop: 1, trigger: trigger({ preRoll: 2 }) },
      series([0, 1, 2, 9, 3, 9, 4, 4]),
    );
    expect(frames.map(({ info, data }) => [info.position, ...data])).toEqual([
      [1, 1, 2, 9, 3],
      [3, 9, 3, 9, 4],
    ]);
  });

  it("an interruption ends the window, and the memory of the value before", () => {
    const { frames, windower } = run({ by: "samples", size: 3, hop: 3, gapLimit: 10, trigger: trigger() }, [
      at(0, 0),
      at(1, 9),
      at(2, 9),
      at(100, 8),
      at(101, 9),
      at(102, 0),
      at(103, 9),
      at(104, 1),
      at(105, 2),
    ]);
    expect(values(frames)).toEqual([[9, 1, 2]]);
    expect(windower.counts.gaps).toBe(1);
  });

  it("by time: a window that ends in a pause is not sent", () => {
    const { frames } = run({ by: "time", size: 50, hop: 50, gapLimit: 20, trigger: trigger() }, [
      at(0, 0),
      at(10, 9),
      at(20, 1),
      at(500, 0),
      at(510, 9),
      at(525, 2),
      at(540, 3),
      at(555, 4),
      at(570, 4),
    ]);
    expect(values(frames)).toEqual([[9, 2, 3, 4]]);
  });

  it("are told in the recipe", () => {
    const options = trigger({ channel: "x", preRoll: 1 });
    const { frames } = run({ by: "samples", size: 2, hop: 2, trigger: options }, [
      at(0, { y: 9, x: 1 }),
      at(1, { y: 0, x: 9 }),
    ]);
    expect(frames[0]!.info.recipe.window?.trigger).toEqual(options);
    expect(values(frames)).toEqual([[9, 1, 0, 9]]);
  });

  it("what its kind does not use is not in the recipe, and not looked at", () => {
    const plan = new Windower({
      by: "samples",
      size: 2,
      hop: 2,
      channels: [{ channel: "x" }],
      trigger: { when: "message", channel: "gone", value: NAN, high: 3, preRoll: 1 },
    }).plan;
    expect(plan.trigger).toEqual({ when: "message", channel: "", value: 0, high: 0, preRoll: 1 });
  });

  it("a channel that the first reading does not have is an error, and the next reading may have it", () => {
    const windower = new Windower({ by: "samples", size: 1, hop: 1, trigger: trigger({ channel: "x" }) });
    const push = (payload: unknown) => windower.push(readReading({ payload }, NOW), () => undefined);
    expect(() => push({ y: 1 })).toThrow(expect.objectContaining({ code: "EDGE_ML_PAYLOAD" }));
    expect(() => push({ x: 1 })).not.toThrow();
    expect(windower.channels("")).toEqual(["x"]);
  });

  const wrong: [string, Partial<Trigger>, string][] = [
    ["a channel that is not listed", { channel: "y" }, "triggerChannel"],
    ["a threshold that is no number", { value: NAN }, "triggerValue"],
    ["a band upside down", { when: "leaves", value: 2, high: 1 }, "triggerHigh"],
    ["a negative change", { when: "changes", value: -1 }, "triggerValue"],
    ["a pre-roll as long as the window", { preRoll: 4 }, "preRoll"],
    ["half a sample", { preRoll: 0.5 }, "preRoll"],
    ["a negative pre-roll", { preRoll: -1 }, "preRoll"],
  ];
  it.each(wrong)("refuses %s", (_, more, field) => {
    expect(
      () => new Windower({ by: "samples", size: 4, hop: 4, channels: [{ channel: "x" }], trigger: trigger(more) }),
    ).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field }) }));
  });
});
