import { describe, expect, it } from "vitest";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { calibratedGraph } from "../../../../nodes/lib/learn/training/classes.ts";
import { reportOf } from "../../../../nodes/lib/learn/training/report.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import { withTemperature } from "../../../../nodes/lib/learn/validate/temperature.ts";
import { checkManifest, encodeModel, OnnxGraph, readManifest } from "../../../../nodes/lib/model/index.ts";
import { gaussian, runBytes } from "../support.ts";
import { type RequestChange, request } from "./support.ts";

/** Frames of classes that lie around centres, one class after the other in turns of ten. */
function gathered(
  rows: number,
  apart: number,
  names: readonly string[] = ["a", "b", "c"],
  change: RequestChange = {},
  columns = 4,
) {
  const normal = gaussian(11);
  const labels = Array.from({ length: rows }, (_, i) => names[Math.floor(i / 10) % names.length]!);
  const data = new Float32Array(rows * columns);
  labels.forEach((label, row) => {
    const c = names.indexOf(label);
    for (let i = 0; i < columns; i++) data[row * columns + i] = normal() + (i % names.length === c ? apart : 0);
  });
  return request({ rows, columns, data }, { task: "class", method: "logistic", labels, ...change });
}

const model = { name: "m", version: "1", sha256: "0" };

describe("train: classes", () => {
  it.each(learners.class.map(({ id }) => id))("makes a bundle that does what its manifest says: %s", async (method) => {
    const made = gathered(450, 3, undefined, { method });
    const { bytes, manifest } = await train(made);
    expect(readManifest(bytes)).toEqual(manifest);
    expect(manifest).toMatchObject({
      task: "class",
      labels: ["a", "b", "c"],
      outputs: { probabilities: "probabilities" },
      training: { method, frames: 450, holdOut: { by: "time", frames: 114, learned: 336 } },
    });
    expect(manifest.threshold).toBeUndefined();
    expect(manifest.training.holdOut.metrics.balancedAccuracy).toBeGreaterThan(0.8);
    const { probabilities } = await runBytes(bytes, { rows: 450, columns: 4, data: made.frames.data });
    let right = 0;
    for (let row = 0; row < 450; row++) {
      const own = probabilities.slice(row * 3, row * 3 + 3);
      expect(own.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
      if (own.indexOf(Math.max(...own)) === made.frames.label[row]) right++;
    }
    expect(right / 450).toBeGreaterThan(0.85);
  });

  it("reports the confusion matrix and what each class is worth", async () => {
    const { manifest } = await train(gathered(450, 1.5));
    const report = reportOf(model, manifest);
    const { confusion, perClass, baseline, calibration } = report.classes!;
    expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(report.holdOut.frames);
    perClass.forEach(({ recall, holdOut, frames }, c) => {
      expect(frames).toBe(150);
      expect(recall! * holdOut).toBeCloseTo(confusion[c]![c]!, 9);
    });
    expect(baseline.accuracy).toBeCloseTo(1 / 3, 2);
    expect(calibration.errorAfter).toBeLessThanOrEqual(calibration.errorBefore);
    expect(report.text).toContain("learned 3 classes (a, b, c) from 450 frames of 4 features");
    expect(report.text).toMatch(/Of the 114 frames held out it tells [\d.]+ % right/);
  });

  it("bakes the temperature into the graph", async () => {
    const rows: Matrix = { rows: 3, columns: 2, data: Float32Array.from([2, 1, -3, 0, 40, -40]) };
    for (const temperature of [1, 0.5, 3]) {
      const g = new OnnxGraph("sure");
      g.output("probabilities", g.op("Softmax", [g.input("features", ["N", 2])], { axis: 1 }), ["N", 2]);
      const plain = Array.from({ length: 3 }, (_, row) => {
        const [a, b] = [rows.data[2 * row]!, rows.data[2 * row + 1]!];
        return [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))];
      }).flat();
      const given = { probabilities: Float32Array.from(plain), truth: new Int32Array(3), count: 2 };
      const file = encodeModel(calibratedGraph(g, temperature, 2), { producerName: "test", producerVersion: "1" });
      const { probabilities } = await runBytes(file, rows);
      withTemperature(given, temperature).forEach((expected, i) => {
        // At a temperature of 1 the graph is left as it is: it knows probabilities below the floor.
        expect(Math.abs(probabilities[i]! - expected)).toBeLessThan(temperature === 1 ? 2e-6 : 1e-6);
      });
    }
  });

  it("cross-validates over the training part, and calibrates on what that said", async () => {
    const { manifest } = await train(gathered(450, 1.5, undefined, { folds: 4 }));
    const { crossValidation, classes } = manifest.training;
    expect(crossValidation).toMatchObject({ by: "time", metric: "balancedAccuracy" });
    expect(crossValidation!.values).toHaveLength(4);
    expect(crossValidation!.mean).toBeGreaterThan(0.6);
    expect(crossValidation!.std).toBeGreaterThan(0);
    expect(classes!.calibration.on).toBe("cross-validation");
  });

  it("holds whole streams out, and each class is in both parts", async () => {
    const streams = Array.from({ length: 480 }, (_, i) => `person ${Math.floor(i / 60)}`);
    const { manifest } = await train(gathered(480, 3, undefined, { holdOutBy: "stream", streams, folds: 3 }));
    const { holdOut, classes, crossValidation } = manifest.training;
    expect(holdOut).toMatchObject({ by: "stream", frames: 120, learned: 360 });
    expect(holdOut.streams).toHaveLength(2);
    expect(classes!.perClass.every(({ recall }) => recall !== null)).toBe(true);
    expect(crossValidation).toMatchObject({ by: "stream", values: { length: 3 } });
  });

  it("learns neither from frames without a label nor from those that nobody knows", async () => {
    const made = gathered(450, 3, ["a", "b", "uncertain"]);
    for (let i = 0; i < 20; i++) made.frames.label[i] = -1;
    const { manifest } = await train(made);
    expect(manifest.labels).toEqual(["a", "b"]);
    expect(manifest.training.frames).toBe(280);
  });

  const named = (counts: Record<string, number>) => Object.entries(counts).flatMap(([l, n]) => new Array(n).fill(l));
  const warned: [string, () => ReturnType<typeof gathered>, RegExp][] = [
    [
      "a class that is rare",
      () => relabelled(450, (i) => (i % 30 === 0 ? "b" : "a")),
      /"b" is much rarer than "a" \(15 frames to 435\)/,
    ],
    ["few frames of a class", () => relabelled(450, (i) => (i % 30 === 0 ? "b" : "a")), /few frames of "b" \(15\)/],
    [
      "a class that was left out",
      () => relabelled(450, (i) => (i < 2 ? "oops" : i % 2 ? "a" : "b")),
      /Left out, since there were too few frames: "oops" \(2\)/,
    ],
    ["labels that mean nothing", () => relabelled(450, (i) => (i % 2 ? "a" : "b"), 0), /no better than guessing/],
    [
      "a class from one stretch of time",
      () => relabelled(450, (i) => (i < 200 ? "a" : "b")),
      /All frames of "a", "b" come from one stretch of time/,
    ],
    [
      "a class from one stream",
      () =>
        relabelled(
          450,
          (i) => (i % 3 === 0 ? "c" : i % 2 ? "a" : "b"),
          3,
          (i) => (i % 3 === 0 ? "x" : `s${i % 5}`),
        ),
      /All frames of "c" come from one stream/,
    ],
    ["frames that say both", contradictory, /Labels contradict each other: [\d.]+ % of the frames/],
    [
      "features that never change",
      () => constant(gathered(450, 3)),
      /1 of 4 features never changed \(c3 mean\): nothing/,
    ],
    ["a drift", () => drifting(gathered(450, 3)), /"c3 mean" drifts: in the frames held out it is/],
    ["too few rows", () => gathered(90, 3, undefined, {}, 24), /It learned from 90 frames of 24 features/],
  ];
  it.each(warned)("warns of %s", async (_, make, sentence) => {
    expect((await train(make())).manifest.training.warnings.join("\n")).toMatch(sentence);
  });

  it("has nothing to warn of where all is well", async () => {
    expect((await train(gathered(900, 3))).manifest.training.warnings).toEqual([]);
  });

  const refused: [string, () => ReturnType<typeof gathered>, object][] = [
    ["no labels", () => request(blank(100), { task: "class", method: "logistic" }), { code: "EDGE_ML_LEARN_LABELS" }],
    [
      "one class",
      () => request(blank(100), { task: "class", method: "logistic", labels: new Array(100).fill("a") }),
      { code: "EDGE_ML_LEARN_LABELS", message: expect.stringMatching(/two classes are needed, and only "a" has/) },
    ],
    [
      "a second class of two frames",
      () => request(blank(102), { task: "class", method: "logistic", labels: named({ a: 100, b: 2 }) }),
      { code: "EDGE_ML_LEARN_LABELS", message: expect.stringContaining('"b" (2) has fewer') },
    ],
    ["an unknown method", () => gathered(90, 3, undefined, { method: "pca" }), { code: "EDGE_ML_SETTING" }],
  ];
  it.each(refused)("refuses %s", async (_, make, error) => {
    await expect(train(make())).rejects.toMatchObject(error);
  });

  it("keeps names that JavaScript knows", async () => {
    const { manifest } = await train(gathered(300, 3, ["__proto__", "constructor"]));
    expect(manifest.labels).toEqual(["__proto__", "constructor"]);
    expect(() => checkManifest(JSON.parse(JSON.stringify(manifest)), "m")).not.toThrow();
  });
});

function blank(rows: number): Matrix {
  const normal = gaussian(3);
  return { rows, columns: 2, data: Float32Array.from({ length: rows * 2 }, normal) };
}

function relabelled(rows: number, label: (i: number) => string, apart = 3, stream?: (i: number) => string) {
  const normal = gaussian(13);
  const labels = Array.from({ length: rows }, (_, i) => label(i));
  const data = Float32Array.from({ length: rows * 3 }, (_, at) => {
    const own = labels[Math.floor(at / 3)]!.charCodeAt(0) % 3;
    return normal() + (at % 3 === own ? apart : 0);
  });
  const streams = stream ? Array.from({ length: rows }, (_, i) => stream(i)) : [];
  return request({ rows, columns: 3, data }, { task: "class", method: "logistic", labels, streams });
}

/** A tenth of the frames comes twice, with two labels. */
function contradictory() {
  const made = gathered(450, 3);
  for (let row = 0; row < 45; row++) {
    const [from, to] = [row * 4, (row + 225) * 4];
    made.frames.data.copyWithin(to, from, from + 4);
    made.frames.label[row + 225] = (made.frames.label[row]! + 1) % 3;
  }
  return made;
}

function constant(made: ReturnType<typeof gathered>) {
  for (let row = 0; row < made.frames.rows; row++) made.frames.data[row * 4 + 3] = 7;
  return made;
}

function drifting(made: ReturnType<typeof gathered>) {
  for (let row = 330; row < made.frames.rows; row++) made.frames.data[row * 4 + 3]! += 40;
  return made;
}
