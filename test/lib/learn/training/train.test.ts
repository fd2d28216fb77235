import { describe, expect, it } from "vitest";
import { featureNames } from "../../../../nodes/lib/learn/collect/features.ts";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import { anomalyProblem } from "../../../../nodes/lib/learn/training/anomaly.ts";
import { reportOf } from "../../../../nodes/lib/learn/training/report.ts";
import type { TrainingRequest } from "../../../../nodes/lib/learn/training/request.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import { readManifest } from "../../../../nodes/lib/model/index.ts";
import type { Recipe } from "../../../../nodes/lib/recipe/index.ts";
import { correlated, gaussian, runBytes } from "../support.ts";

/** Frames every minute, of features that two hidden sources drive. */
function request(rows: number, columns = 6, change: Partial<TrainingRequest> = {}): TrainingRequest {
  const { data } = correlated(1, rows, columns, 2);
  return {
    model: "ahu-1",
    task: "anomaly",
    method: "pca",
    options: {},
    holdOut: 0.25,
    holdOutBy: "time",
    folds: 0,
    limits: { seconds: 600, megabytes: 1024 },
    falseAlarmsPerDay: 20,
    names: Array.from({ length: columns }, (_, i) => `c${i} mean`),
    channels: Array.from({ length: columns }, (_, i) => `c${i}`),
    recipe: { version: 1 },
    frames: {
      rows,
      columns,
      data: data as Float32Array,
      start: Float64Array.from({ length: rows }, (_, i) => 1.7e12 + i * 60_000),
      end: Float64Array.from({ length: rows }, (_, i) => 1.7e12 + i * 60_000 + 59_999),
      stream: new Int32Array(rows),
      streams: ["ahu"],
      label: new Int32Array(rows).fill(-1),
      labels: [],
      stride: 1,
    },
    seed: 1,
    madeBy: { name: "test", version: "1" },
    ...change,
  };
}

/** Changes the features of some rows. */
function changed(
  made: TrainingRequest,
  from: number,
  to: number,
  change: (x: number, i: number, row: number) => number,
) {
  const { data, columns } = made.frames;
  for (let row = from; row < to; row++) {
    for (let i = 0; i < columns; i++) data[row * columns + i] = change(data[row * columns + i]!, i, row);
  }
  return made;
}

describe("train", () => {
  it.each(["pca", "kmeans"])("makes a bundle that keeps what its manifest says: %s", async (method) => {
    const made = request(2000, 6, { method });
    const shares: number[] = [];
    const { bytes, manifest } = await train(made, (share) => shares.push(share));
    expect(readManifest(bytes)).toEqual(manifest);
    expect(manifest).toMatchObject({
      format: 1,
      name: "ahu-1",
      task: "anomaly",
      input: { name: "features", shape: [null, 6], names: made.names, channels: made.channels },
      outputs: { score: "score", contributions: "contributions" },
      threshold: { falseAlarmsPerDay: 20, framesPerDay: 1440, holdOut: { frames: 500 } },
      training: {
        method,
        frames: 2000,
        holdOut: { frames: 500, learned: 1500 },
        start: 1.7e12,
        end: 1.7e12 + 2000 * 60_000 - 1,
        streams: ["ahu"],
        warnings: [],
      },
    });
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);

    // The promise, on fresh frames of the same kind: 20 of 1440, within four deviations of the count and the
    // calibration's own spread (seven of 500 frames decided).
    const { score } = await runBytes(bytes, correlated(2, 14_400, 6, 2));
    const alarms = score.filter((each) => each > manifest.threshold!.value).length;
    expect(alarms).toBeLessThan(200 * (1 + 2 / Math.sqrt(7)) + 4 * Math.sqrt(200));
    expect(alarms).toBeGreaterThan(10);
  });

  it("learns from the hold-out too, once the threshold is set", async () => {
    // The newest quarter is the only one in which c0 is high.
    const made = changed(request(400), 300, 400, (x, i) => (i === 0 ? x + 20 : x));
    const { bytes, manifest } = await train(made);
    const { score } = await runBytes(bytes, { rows: 100, columns: 6, data: made.frames.data.subarray(300 * 6) });
    expect(Math.max(...score)).toBeLessThan(manifest.training.holdOut.metrics.medianScore!);
  });

  it("makes the same model of the same frames", async () => {
    const [a, b] = [
      await train(request(300, 4, { method: "kmeans" })),
      await train(request(300, 4, { method: "kmeans" })),
    ];
    expect({ ...a.manifest, created: "" }).toEqual({ ...b.manifest, created: "" });
  });

  it("does not hold out windows that share readings with those it learned from", async () => {
    const made = request(400);
    made.frames.end.forEach((_, i) => {
      made.frames.end[i] = made.frames.start[i]! + 600_000;
    });
    const { training } = (await train(made)).manifest;
    // 300 before the hold-out, of which the last ten reach into it.
    expect(training.holdOut.learned).toBe(290);
    expect(training.frames).toBe(400);
  });

  const warned: [string, () => TrainingRequest, string][] = [
    ["too few frames", () => request(60, 20), "It learned from 60 frames of 20 features; 200 or more"],
    [
      "features that never change",
      () => changed(request(400), 0, 400, (x, i) => (i < 4 ? 7 : x)),
      "4 of 6 features never changed (c0 mean, c1 mean, c2 mean, …)",
    ],
    [
      "a wish beyond the data",
      () => request(400, 6, { falseAlarmsPerDay: 0.1 }),
      "one false alarm in 14400 frames, and 100",
    ],
    [
      "a hold-out of another kind",
      () => changed(request(400), 300, 400, (x, i, row) => x + 8 * Math.sin(row * (i + 1))),
      "score far above those it learned from",
    ],
    [
      "a drift",
      () => changed(request(400), 300, 400, (x, i) => (i === 2 ? x - 30 : x)),
      '"c2 mean" drifts: in the frames held out it is',
    ],
    [
      "a few frames that are not like the others",
      () => changed(request(400), 50, 53, (x) => x * 40 + 100),
      "3 of the 300 frames it learned from differ strongly",
    ],
    [
      "times that stand still",
      () => {
        const made = request(400);
        made.frames.start.fill(5);
        made.frames.end.fill(5);
        return made;
      },
      "times do not move on",
    ],
    ["frames of two kinds, one wide and all around", polluted, "are scattered 1"],
    [
      "features that say the same",
      () => changed(request(400), 0, 400, (x, i, row) => (i === 5 ? 2 * x0(row) + 3 : x)),
      "Some features say the same (c0 mean, c5 mean): the blame",
    ],
    [
      "a hold-out by stream where there is one stream",
      () => request(400, 6, { holdOutBy: "stream" }),
      "No stream could be held out, since there is only one",
    ],
    ["windows that overlap everywhere", () => overlapping(request(400)), "share readings with those it learned from"],
    ["frames that were thinned out", () => thinned(request(400), 4), "it learned from one in 4"],
  ];
  it.each(warned)("warns of %s", async (_, make, sentence) => {
    expect((await train(make())).manifest.training.warnings.join("\n")).toContain(sentence);
  });

  it("says what can really be expected of the threshold", async () => {
    const { threshold } = (await train(request(2000))).manifest;
    const { low, high, confidence, method, effectiveFrames } = threshold!.expected!;
    expect([confidence, method]).toEqual([0.95, "clopper-pearson"]);
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(20);
    expect(high).toBeLessThan(80);
    expect(effectiveFrames).toBeGreaterThan(300);
    expect(reportOf({ name: "m", version: "3", sha256: "0" }, (await train(request(2000))).manifest).text).toMatch(
      /set for 20 false alarms per day\. With 95 % confidence there will be [\d.]+ to [\d.]+ per day/,
    );
  });

  it("cross-validates the promise: the threshold of some parts on another one", async () => {
    const { crossValidation } = (await train(request(1000, 6, { folds: 4, falseAlarmsPerDay: 60 }))).manifest.training;
    expect(crossValidation).toMatchObject({ by: "time", metric: "falseAlarmsPerDay", values: { length: 4 } });
    expect(crossValidation!.mean).toBeGreaterThan(10);
    expect(crossValidation!.mean).toBeLessThan(150);
  });

  it("neither learns nor calibrates from frames that are labelled as not normal", async () => {
    const made = request(400, 6, { abnormal: ["fault"] });
    made.frames.labels = ["fault"];
    for (let row = 0; row < 400; row += 4) {
      made.frames.label[row] = 0;
      for (let i = 0; i < 6; i++) made.frames.data[row * 6 + i] = 1e4;
    }
    const { training, threshold } = (await train(made)).manifest;
    expect([training.frames, training.holdOut.frames]).toEqual([300, 75]);
    expect(Math.max(...training.features.map(({ mean }) => Math.abs(mean)))).toBeLessThan(10);
    expect(threshold!.value).toBeLessThan(100);
  });

  it("says how many of the frames that are labelled as not normal it finds", async () => {
    const made = request(440, 6, { abnormal: ["leak", "stuck"] });
    made.frames.labels = ["normal", "leak", "stuck"];
    made.frames.label.fill(0, 0, 400).fill(1, 400, 430).fill(2, 430);
    // A leak is far out; what is called stuck is as normal as the others.
    for (let row = 400; row < 430; row++) made.frames.data[row * 6 + (row % 6)] = 1e4;
    const { manifest } = await train(made);
    const { frames, found, auc, labels } = manifest.training.abnormal!;
    const stuck = found - 30;
    expect(frames).toBe(40);
    expect(stuck).toBeLessThan(5);
    expect(labels).toEqual([
      { label: "leak", frames: 30, found: 30 },
      { label: "stuck", frames: 10, found: stuck },
    ]);
    // All leaks above all that is normal; of the others as many as chance has it.
    expect(auc).toBeGreaterThan(0.75);
    expect(auc).toBeLessThan(1);
    const report = reportOf({ name: "m", version: "3", sha256: "0" }, manifest);
    expect(report.abnormal).toEqual(manifest.training.abnormal);
    expect(report.text).toContain(
      `Of the 40 frames with the label of a fault, from which it did not learn, it finds ${found} (leak 30 of 30, stuck ${stuck} of 10; AUC `,
    );
    expect((await train(request(400))).manifest.training).not.toHaveProperty("abnormal");
  });

  it.each(learners.anomaly.map(({ id }) => id))("finds a fault that is out of all bounds: %s", async (method) => {
    const made = request(210, 6, { method, abnormal: ["leak"] });
    made.frames.labels = ["leak"];
    made.frames.label.fill(0, 200);
    made.frames.data.fill(3.4e38, 200 * 6, 205 * 6).fill(-3.4e38, 205 * 6);
    expect((await train(made)).manifest.training.abnormal).toMatchObject({ frames: 10, found: 10, auc: 1 });
  });

  it.each([
    [9, "found"],
    [10, "auc"],
  ])("compares candidates, with %i frames of a fault, by %s", (count, metric) => {
    const made = request(100, 6, { abnormal: ["leak"] });
    made.frames.labels = ["leak"];
    made.frames.label.fill(0, 0, count);
    expect(anomalyProblem(made).metric.name).toBe(metric);
  });

  it("holds whole streams out", async () => {
    const made = request(400, 6, { holdOutBy: "stream" });
    made.frames.streams = ["a", "b", "c", "d"];
    made.frames.stream.forEach((_, row) => {
      made.frames.stream[row] = row % 4;
    });
    const { holdOut } = (await train(made)).manifest.training;
    expect(holdOut).toMatchObject({ by: "stream", frames: 100, learned: 300 });
    expect(holdOut.streams).toHaveLength(1);
  });

  it("reckons with the frames that were left out by thinning, and with streams that run side by side", async () => {
    expect((await train(thinned(request(400), 4))).manifest.threshold!.framesPerDay).toBe(4 * 1440);
    const two = request(400);
    for (let i = 0; i < 400; i++) {
      two.frames.stream[i] = i % 2;
      two.frames.start[i] = two.frames.end[i] = Math.floor(i / 2) * 60_000;
    }
    two.frames.streams = ["a", "b"];
    expect((await train(two)).manifest.threshold!.framesPerDay).toBeCloseTo(2880, 0);
  });

  const refused: [string, () => TrainingRequest, string][] = [
    ["no frames", () => request(0), "EDGE_ML_LEARN_TOO_FEW"],
    ["one frame", () => request(1), "EDGE_ML_LEARN_TOO_FEW"],
    ["too few for the clusters", () => request(30, 3, { method: "kmeans" }), "EDGE_ML_LEARN_TOO_FEW"],
    ["more features than PCA takes", () => request(20, 600), "EDGE_ML_TOO_LARGE"],
    ["an unknown method", () => request(100, 3, { method: "__proto__" }), "EDGE_ML_SETTING"],
    ["a wrong option", () => request(100, 3, { options: { variance: "x" } }), "EDGE_ML_SETTING"],
    ["NaN", () => changed(request(100, 3), 5, 6, () => Number.NaN), "EDGE_ML_LEARN_FAILED"],
  ];
  it.each(refused)("refuses %s", async (_, make, code) => {
    await expect(train(make())).rejects.toThrow(expect.objectContaining({ code }));
  });

  it("learns from heavy tails and huge values without a number that is not finite", async () => {
    const normal = gaussian(3);
    const made = changed(request(400), 0, 400, (_, i) => (i === 0 ? 3e38 * Math.sin(normal()) : normal() / normal()));
    const { manifest } = await train(made);
    expect(Number.isFinite(manifest.threshold!.value)).toBe(true);
  });
});

const { data: first } = correlated(1, 400, 6, 2);
const x0 = (row: number) => first[row * 6]!;

/** A fifth of the frames is ten times as wide. */
function polluted(): TrainingRequest {
  const normal = gaussian(9);
  return changed(request(400), 0, 400, (_, __, row) => (row % 5 === 0 ? 10 : 1) * normal());
}

function overlapping(made: TrainingRequest): TrainingRequest {
  made.frames.end.fill(1e13);
  return made;
}

function thinned(made: TrainingRequest, stride: number): TrainingRequest {
  made.frames.stride = stride;
  return made;
}

describe("featureNames", () => {
  const window = {
    by: "samples",
    size: 2,
    hop: 2,
    channels: ["fan", "fan speed"],
    gap: { policy: "mark", limit: 0 },
  } as const;
  const recipe: Recipe = { version: 1, window: { ...window, channels: [...window.channels] } };
  it.each([
    ["features", [3], ["fan mean", "fan speed mean", "cross-correlation"], ["fan", "fan speed", null]],
    ["features", [2], ["fan [0]", "fan speed [0]"], ["fan", "fan speed"]],
    ["window", [1, 2], ["fan", "fan speed"], ["fan", "fan speed"]],
  ] as const)("names the channel of %s of shape %j", (kind, shape, names, channels) => {
    expect(featureNames({ kind, shape: [...shape], names: [...names], recipe })).toEqual({ names, channels });
  });

  it("names every sample of a window, as the raw block does", () => {
    expect(featureNames({ kind: "window", shape: [2, 2], names: ["a", "__proto__"], recipe })).toEqual({
      names: ["a [0]", "__proto__ [0]", "a [1]", "__proto__ [1]"],
      channels: ["a", "__proto__", "a", "__proto__"],
    });
  });
});
