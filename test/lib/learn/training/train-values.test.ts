import { describe, expect, it } from "vitest";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import { reportOf } from "../../../../nodes/lib/learn/training/report.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import { valueRows } from "../../../../nodes/lib/learn/training/value-rows.ts";
import { readManifest } from "../../../../nodes/lib/model/index.ts";
import { gaussian, runBytes } from "../support.ts";
import { type RequestChange, request } from "./support.ts";

/** Frames labelled with 10 + 2 x − y, with noise. */
function labelled(rows: number, noise: number, change: RequestChange = {}) {
  const normal = gaussian(5);
  const data = Float32Array.from({ length: rows * 3 }, normal);
  const labels = Array.from({ length: rows }, (_, row) =>
    String(10 + 2 * data[row * 3]! - data[row * 3 + 1]! + noise * normal()),
  );
  return request({ rows, columns: 3, data }, { task: "value", method: "linear", labels, ...change });
}

/** A room's temperature, every ten minutes: a day's wave and a slow noise; beside it its trend and the time of day. */
function room(rows: number, change: RequestChange = {}) {
  const normal = gaussian(8);
  const data = new Float32Array(rows * 4);
  let slow = 0;
  let before = 21;
  for (let row = 0; row < rows; row++) {
    const angle = (2 * Math.PI * row) / 144;
    slow = 0.97 * slow + 0.05 * normal();
    const now = 21 + 3 * Math.sin(angle) + slow;
    data.set([now, now - before, Math.sin(angle), Math.cos(angle)], row * 4);
    before = now;
  }
  const value = { from: "feature", feature: "c0 mean", ahead: 12 } as const;
  return request({ rows, columns: 4, data }, { task: "value", method: "linear", step: 600_000, value, ...change });
}

describe("train: values", () => {
  it.each(learners.value.map(({ id }) => id))("makes a bundle that does what its manifest says: %s", async (method) => {
    const made = labelled(600, 0.2, { method });
    const { bytes, manifest } = await train(made);
    expect(readManifest(bytes)).toEqual(manifest);
    expect(manifest).toMatchObject({
      task: "value",
      labels: ["value"],
      outputs: { values: "values" },
      training: { method, frames: 600, holdOut: { frames: 150, learned: 450 }, values: { source: { from: "label" } } },
    });
    const { rmse, baselines } = manifest.training.values!;
    expect(rmse).toBeLessThan(baselines[0]!.rmse / 2);
    const { values } = await runBytes(bytes, { rows: 600, columns: 3, data: made.frames.data });
    const errors = values.map((value, row) => value - Number(made.frames.labels[made.frames.label[row]!]));
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / 600)).toBeLessThan(rmse * 1.2);
  });

  it("forecasts a feature, named by it and the time ahead, beside the last value", async () => {
    const { manifest } = await train(room(1440));
    const report = reportOf({ name: "m", version: "1", sha256: "0" }, manifest);
    expect(report.labels).toEqual(["c0 mean in 2 h"]);
    expect(report.values!.source).toEqual({ from: "feature", feature: "c0 mean", ahead: 12, ms: 7_200_000 });
    const [mean, last] = report.values!.baselines;
    expect([mean!.name, last!.name]).toEqual(["mean", "last value"]);
    expect(report.values!.rmse).toBeLessThan(last!.rmse / 2);
    expect(last!.rmse).toBeLessThan(mean!.rmse);
    expect(report.text).toContain('learned "c0 mean in 2 h" from 1428 frames');
    expect(report.warnings.join()).not.toContain("no better");
    const { low, high, confidence } = report.interval!;
    expect(confidence).toBe(0.9);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it("keeps what a frame is to say apart too: nothing that was learned from reaches into the hold-out", async () => {
    const { training } = (await train(room(400))).manifest;
    // 388 frames have a frame two hours later; the last 97 are held out, and the twelve before them look into these.
    expect(training.holdOut).toMatchObject({ frames: 97, learned: 388 - 97 - 12 });
  });

  it("does not take a frame for the next one across an interruption, nor of another stream", () => {
    const made = room(100);
    for (let row = 50; row < 100; row++) {
      made.frames.start[row]! += 3_600_000;
      made.frames.end[row]! += 3_600_000;
    }
    expect(valueRows(made).rows).toHaveLength(100 - 24);
    const two = room(100);
    two.frames.streams = ["a", "b"];
    for (let row = 0; row < 100; row++) {
      two.frames.stream[row] = row % 2;
      two.frames.start[row] = two.frames.end[row] = Math.floor(row / 2) * 600_000;
    }
    const { rows, values, last } = valueRows(two);
    expect(rows).toHaveLength(100 - 24);
    expect(values[0]).toBe(two.frames.data[24 * 4]);
    expect(last![1]).toBe(two.frames.data[4]);
  });

  it("reckons with frames that were thinned out", () => {
    const made = room(100);
    made.frames.stride = 4;
    expect(valueRows(made)).toMatchObject({ name: "c0 mean in 30 min", rows: { length: 97 } });
    made.value = { from: "feature", feature: "c0 mean", ahead: 10 };
    expect(() => valueRows(made)).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });

  it("cross-validates in blocks of time", async () => {
    const { crossValidation } = (await train(labelled(400, 0.5, { folds: 4 }))).manifest.training;
    expect(crossValidation).toMatchObject({ by: "time", metric: "rmse", values: { length: 4 } });
    expect(crossValidation!.mean).toBeGreaterThan(0.4);
    expect(crossValidation!.mean).toBeLessThan(0.6);
  });

  const warned: [string, () => ReturnType<typeof labelled>, RegExp][] = [
    ["a model that knows nothing", () => labelled(400, 1000), /no better than who always says the mean/],
    ["a forecast of chance", walk, /no better than who says that it stays as it is/],
    [
      "values beyond what was learned",
      () => {
        const made = room(400);
        for (let row = 0; row < 400; row++) made.frames.data[row * 4]! += row / 10;
        return made;
      },
      /[\d.]+ % of the values held out lie outside of what it learned from/,
    ],
    ["a value that never changes", () => labelled(100, 0, { labels: new Array(100).fill("5") }), /never changed/],
    ["too few rows", () => labelled(24, 0.1), /It learned from 24 frames of 3 features/],
  ];
  it.each(warned)("warns of %s", async (_, make, sentence) => {
    expect((await train(make())).manifest.training.warnings.join("\n")).toMatch(sentence);
  });

  const refused: [string, () => ReturnType<typeof labelled>, string][] = [
    [
      "labels that are no numbers",
      () => labelled(50, 1, { labels: new Array(50).fill("warm") }),
      "EDGE_ML_LEARN_LABELS",
    ],
    ["an unknown feature", () => room(50, { value: { from: "feature", feature: "x", ahead: 1 } }), "EDGE_ML_SETTING"],
    ["no time ahead", () => room(50, { value: { from: "feature", feature: "c0 mean", ahead: 0 } }), "EDGE_ML_SETTING"],
    ["fewer frames than it looks ahead", () => room(10), "EDGE_ML_LEARN_TOO_FEW"],
    ["times that stand still", () => room(50, { step: 0 }), "EDGE_ML_LEARN_LABELS"],
  ];
  it.each(refused)("refuses %s", async (_, make, code) => {
    await expect(train(make())).rejects.toMatchObject({ code });
  });
});

/** A random walk: the next value is the last one, and chance. */
function walk() {
  const normal = gaussian(17);
  let x = 0;
  const data = Float32Array.from({ length: 800 }, (_, i) => {
    if (i % 2 === 0) x += normal();
    return i % 2 === 0 ? x : normal();
  });
  const value = { from: "feature", feature: "c0 mean", ahead: 1 } as const;
  return request({ rows: 400, columns: 2, data }, { task: "value", method: "linear", value });
}
