import { describe, expect, it } from "vitest";
import type { LearningSettings } from "../../../../nodes/lib/learn/index.ts";
import { add, event, files, frame, held, instant, learning, requests, saved } from "./support.ts";

const classes: Partial<LearningSettings> = { task: "class", method: "auto", amount: { each: 20 } };

describe("Learning of classes", () => {
  it("collects labelled frames, counts them by class, and trains when there are enough of each", async () => {
    const one = learning(classes, instant);
    await one.ready;
    add(one, 0, 25, "wave");
    add(one, 25, 30);
    one.add({ ...frame(30, "wave"), data: Float32Array.of(1, Number.NaN, 1) });
    expect(one.phase).toBe("collecting");
    expect(one.skipped).toEqual({ bad: 1, label: 5 });
    add(one, 40, 59, "idle");
    expect(one.counts).toEqual([
      { label: "wave", count: 25 },
      { label: "idle", count: 19 },
    ]);
    expect(one.progress).toEqual({ fewest: 19, each: 20 });
    const learned = event(one, "learned");
    add(one, 59, 60, "idle");
    await learned;
    const { task, frames } = requests[0]!;
    expect(task).toBe("class");
    expect(frames.labels).toEqual(["wave", "idle"]);
    expect([...frames.label]).toEqual([...new Array(25).fill(0), ...new Array(20).fill(1)]);
    await one.close(true);
  });

  it("waits for every class that was named, and takes no other", async () => {
    const one = learning({ ...classes, classes: ["wave", "idle", "circle"] }, instant);
    await one.ready;
    add(one, 0, 20, "wave");
    add(one, 20, 40, "idle");
    add(one, 40, 60, "typo");
    expect(one.phase).toBe("collecting");
    expect(one.skipped.label).toBe(20);
    const learned = event(one, "learned");
    add(one, 60, 80, "circle");
    await learned;
    expect(requests[0]!.frames.rows).toBe(60);
    await one.close(true);
  });

  it("trains with a number of frames when there are two classes, or when it is told to", async () => {
    const one = learning({ ...classes, amount: { frames: 40 } }, instant);
    await one.ready;
    add(one, 0, 60, "wave");
    expect(one.phase).toBe("collecting");
    const learned = event(one, "learned");
    add(one, 60, 61, "idle");
    await learned;
    await one.close(true);
    const told = learning({ ...classes, amount: { told: true } }, instant);
    await told.ready;
    add(told, 0, 60, "wave");
    add(told, 60, 100, "idle");
    expect(told).toMatchObject({ phase: "collecting", progress: { told: true } });
    await told.command("train");
    expect(requests[1]!.frames.rows).toBe(100);
    await told.close(true);
  });

  it("keeps labels and counts over a restart", async () => {
    const first = learning(classes, instant);
    await first.ready;
    add(first, 0, 25, "wave");
    add(first, 25, 35, "idle");
    await first.close(false);
    const second = learning(classes, instant);
    await second.ready;
    expect(second.counts).toEqual([
      { label: "wave", count: 25 },
      { label: "idle", count: 10 },
    ]);
    // Other classes are another set of frames.
    await second.close(false);
    const third = learning({ ...classes, classes: ["wave", "circle"] }, instant);
    await third.ready;
    expect(third.collected).toBe(0);
    await third.close(true);
    expect(files()).toEqual([]);
  });

  it("does not lose a rare class from a rolling buffer, over restarts neither", async () => {
    const settings: Partial<LearningSettings> = { ...classes, amount: { frames: 60 }, again: { by: "frames" } };
    const slow = held();
    const one = learning({ ...settings, again: { by: "time", every: 1e9 } }, slow.start);
    await one.ready;
    add(one, 0, 20, "rare");
    add(one, 20, 500, "often");
    expect(one.counts).toEqual([
      { label: "rare", count: 20 },
      { label: "often", count: 40 },
    ]);
    await one.close(false);
    const after = learning({ ...settings, again: { by: "time", every: 1e9 } }, slow.start);
    await after.ready;
    expect(after.counts).toMatchObject([{ count: 20 }, { count: 40 }]);
    await after.close(true);
  });
});

describe("a label for the frames that come", () => {
  it("labels frames until it ends, and learns when each class has enough", async () => {
    const one = learning({ ...classes, start: "command" }, instant);
    await one.command({ label: "wave" });
    expect(one).toMatchObject({ phase: "collecting", recording: { label: "wave" } });
    add(one, 0, 20);
    await one.command({ label: null });
    expect(one).toMatchObject({ phase: "idle", recording: undefined });
    add(one, 20, 30);
    await one.command({ label: "idle", frames: 30 });
    const learned = event(one, "learned");
    add(one, 30, 60);
    await learned;
    // A recording with an end is not cut short when there is enough.
    expect([...requests[0]!.frames.label].filter((each) => each === 1)).toHaveLength(30);
    expect(one.phase).toBe("learned");
    await one.close(true);
  });

  it("adds to what was learned from, and learns again when it ends", async () => {
    const one = learning(classes, instant);
    await one.ready;
    let learned = event(one, "learned");
    add(one, 0, 20, "wave");
    add(one, 20, 40, "idle");
    await learned;
    expect(one.collected).toBe(0);
    await one.command({ label: "circle", frames: 20 });
    expect(one.collected).toBe(40);
    learned = event(one, "learned");
    add(one, 100, 119);
    expect(saved).toHaveLength(1);
    add(one, 119, 121);
    await learned;
    expect(requests[1]!.frames).toMatchObject({ rows: 60, labels: ["wave", "idle", "circle"] });
    // Without a frame it is as it was.
    await one.command({ label: "circle" });
    await one.command({ label: null });
    expect(one.phase).toBe("learned");
    expect(saved).toHaveLength(2);
    await one.close(true);
  });

  it("survives a restart, unless its time is over", async () => {
    const first = learning(classes, instant);
    await first.ready;
    await first.command({ label: "wave", seconds: 60 });
    add(first, 0, 5);
    await first.close(false);
    const second = learning(classes, instant);
    await second.ready;
    expect(second.recording).toMatchObject({ label: "wave", until: expect.any(Number) });
    add(second, 5, 8);
    expect(second.counts).toEqual([{ label: "wave", count: 8 }]);
    await second.command({ label: "idle", seconds: 0.02 });
    await second.close(false);
    await new Promise((done) => setTimeout(done, 30));
    const third = learning(classes, instant);
    await third.ready;
    expect(third.recording).toBeUndefined();
    await third.close(true);
  });

  it("ends with stop and reset", async () => {
    const one = learning(classes, instant);
    await one.ready;
    await one.command({ label: "wave" });
    await one.command("stop");
    expect(one).toMatchObject({ phase: "idle", recording: undefined });
    await one.command({ label: "wave" });
    add(one, 0, 5);
    await one.command("reset");
    expect(one).toMatchObject({ phase: "collecting", recording: undefined, collected: 0 });
    await one.close(true);
  });

  it("makes a frame normal that says otherwise", async () => {
    const one = learning({}, instant);
    await one.ready;
    add(one, 0, 5, "damper-stuck");
    expect(one.collected).toBe(0);
    await one.command({ label: "normal" });
    add(one, 5, 10, "damper-stuck");
    expect(one.collected).toBe(5);
    await one.close(true);
  });
});

describe("Learning of values", () => {
  it("takes frames whose label is a number", async () => {
    const one = learning({ task: "value", value: { from: "label" }, method: "auto" }, instant);
    await one.ready;
    add(one, 0, 10, "warm");
    const learned = event(one, "learned");
    for (let i = 0; i < 30; i++) one.add(frame(i, String(i / 2)));
    await learned;
    const { frames, value } = requests[0]!;
    expect(value).toEqual({ from: "label" });
    expect([...frames.label].map((each) => Number(frames.labels[each]))).toEqual(
      Array.from({ length: 30 }, (_, i) => i / 2),
    );
    expect(one.skipped.label).toBe(10);
    await one.close(true);
  });

  it("keeps frames that follow each other for a value that comes later", async () => {
    const value = { from: "feature", feature: "a", ahead: 2 } as const;
    const one = learning({ task: "value", value, method: "auto", amount: { told: true } }, instant);
    await one.ready;
    add(one, 0, 25_000, "any label");
    expect(one).toMatchObject({ collected: 20_000, dropped: 5000 });
    await one.command("train");
    const { start, stride, label } = requests[0]!.frames;
    expect(stride).toBe(1);
    expect([start[0], start.at(-1)]).toEqual([5000 * 1000, 24_999 * 1000]);
    expect(label[0]).toBe(-1);
    await one.close(true);
  });
});
