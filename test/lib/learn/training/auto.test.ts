import { describe, expect, it } from "vitest";
import { learners } from "../../../../nodes/lib/learn/learners/index.ts";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { chooseAmong, isAsGood } from "../../../../nodes/lib/learn/training/auto.ts";
import { candidatesOf } from "../../../../nodes/lib/learn/training/candidates.ts";
import { classProblem } from "../../../../nodes/lib/learn/training/classes.ts";
import { disturb } from "../../../../nodes/lib/learn/training/disturb.ts";
import { partsOf } from "../../../../nodes/lib/learn/training/parts.ts";
import { reportOf } from "../../../../nodes/lib/learn/training/report.ts";
import { train } from "../../../../nodes/lib/learn/training/train.ts";
import type { ManifestCandidate } from "../../../../nodes/lib/model/index.ts";
import { correlated, gaussian } from "../support.ts";
import { request } from "./support.ts";

/** Two classes of which only a bent border tells: inside and outside of a ring. */
function ring(rows: number) {
  const normal = gaussian(23);
  const data = Float32Array.from({ length: rows * 2 }, normal);
  const labels = Array.from({ length: rows }, (_, row) =>
    Math.hypot(data[row * 2]!, data[row * 2 + 1]!) < 1.18 ? "in" : "out",
  );
  return request({ rows, columns: 2, data }, { task: "class", method: "auto", labels });
}

const chosen = (candidates: readonly ManifestCandidate[]) => candidates.filter((each) => each.chosen);

describe("two candidates are about as good", () => {
  const measure = (...parts: number[]) => ({
    value: parts.reduce((sum, part) => sum + part, 0) / parts.length,
    error: 0.3,
    parts: Float64Array.from(parts),
  });
  const best = measure(1, 1, 1, 1, 0, 1, 1, 1);
  const table: [string, Parameters<typeof isAsGood>[0], boolean][] = [
    ["the same", best, true],
    ["one frame of eight is wrong besides", measure(1, 1, 0, 1, 0, 1, 1, 1), true],
    ["one other frame is wrong", measure(1, 1, 0, 1, 1, 1, 1, 1), true],
    // Its own error of 0.3 would have let both pass.
    ["two frames are wrong besides", measure(1, 0, 0, 1, 0, 1, 1, 1), false],
    ["a little less in every frame", measure(0.9, 0.9, 0.9, 0.9, -0.1, 0.9, 0.9, 0.9), false],
    ["others were looked at: within the error of the best", { value: 0.6, error: 0.1 }, true],
    ["others were looked at: beyond it", { value: 0.5, error: 0.1 }, false],
  ];
  it.each(table)("%s", (_, other, expected) => {
    expect(isAsGood(other, best, 1)).toBe(expected);
  });

  it("where lower is better", () => {
    expect(isAsGood(measure(2, 3, 2), measure(1, 1, 1), -1)).toBe(false);
    expect(isAsGood(measure(2, 0.5, 0.9), measure(1, 1, 1), -1)).toBe(true);
  });
});

describe("train: auto", () => {
  it("takes what tells the classes apart, says why, and shows what it tried", async () => {
    const { manifest } = await train(ring(300));
    const { candidates, choice, method, holdOut } = manifest.training;
    const [taken] = chosen(candidates!);
    expect(chosen(candidates!)).toHaveLength(1);
    expect(taken!.method).toBe(method);
    expect(method).not.toBe("logistic");
    expect(choice).toMatchObject({ metric: "balancedAccuracy", on: "hold-out", higherIsBetter: true });
    expect(choice!.why).toMatch(/^Of \d+ candidates it took /);
    expect(taken!.metric).toBeCloseTo(holdOut.metrics.balancedAccuracy!, 9);
    const logistic = candidates!.find((each) => each.method === "logistic")!;
    expect(taken!.metric! - logistic.metric!).toBeGreaterThan(0.2);
    for (const each of candidates!) {
      if (each.metric === null) continue;
      expect(each.seconds).toBeGreaterThan(0);
      expect(each.bytes).toBeGreaterThan(100);
      expect(each.microseconds).toBeGreaterThan(0);
    }
    const metrics = candidates!.filter(({ metric }) => metric !== null).map(({ metric }) => metric!);
    expect(metrics).toEqual([...metrics].sort((a, b) => b - a));
    expect(reportOf({ name: "m", version: "1", sha256: "0" }, manifest).text).toContain(choice!.why);
  }, 60_000);

  it("takes the smallest of those that are about as good", async () => {
    // A line tells these apart: everything does well, and the forest is many times as large.
    const normal = gaussian(29);
    const data = Float32Array.from({ length: 400 }, normal);
    const labels = Array.from({ length: 200 }, (_, row) => (data[row * 2]! > 0 ? "up" : "down"));
    const made = request({ rows: 200, columns: 2, data }, { task: "class", method: "auto", labels, folds: 2 });
    const { candidates, choice } = (await train(made)).manifest.training;
    const [taken] = chosen(candidates!);
    const best = candidates![0]!;
    expect(choice!.on).toBe("cross-validation");
    expect(taken!.metric!).toBeGreaterThan(best.metric! - 3 * best.error!);
    const forest = candidates!.find((each) => each.method === "random-forest")!;
    expect(taken!.bytes).toBeLessThan(forest.bytes! / 10);
  }, 60_000);

  it("passes over what there is no time for, and says so", async () => {
    const made = ring(500);
    made.limits.seconds = 1e-4;
    await expect(train(made)).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_FAILED",
      message: expect.stringMatching(/none of \d+ methods came to its end in 0.0001 s/),
    });

    // A clock that jumps when half of the candidates are through.
    const methods = candidatesOf("class", 2);
    const problem = classProblem(made, methods);
    let now = 0;
    const { candidates, choice } = await chooseAmong(
      methods,
      problem,
      made,
      partsOf(problem, made, methods),
      (share) => {
        if (share > 0.5) now = 1e9;
      },
      () => now,
    );
    const passed = candidates.filter(({ note }) => note !== undefined);
    expect(passed.length).toBeGreaterThan(0);
    expect(passed.length).toBeLessThan(methods.length);
    expect(candidates).toHaveLength(methods.length);
    for (const { metric, bytes, chosen } of passed) expect([metric, bytes, chosen]).toEqual([null, null, false]);
    expect(new Set(passed.map(({ note }) => note))).toEqual(
      new Set(["it took more than its part of the time", "no time was left"].slice(0, passed.length)),
    );
    expect(choice.why).toContain(`Of ${methods.length} candidates`);
  }, 60_000);

  it("chooses what is normal by faults that it makes up, where there are no others", async () => {
    const { manifest } = await train(request(correlated(1, 600, 6, 2), { method: "auto" }));
    const { choice, candidates, method } = manifest.training;
    expect(choice!.metric).toBe("found");
    // Two sources drive six features: who knows how they go together finds what breaks it.
    const of = (id: string) => Math.max(...candidates!.filter((c) => c.method === id).map(({ metric }) => metric ?? 0));
    expect(of("pca")).toBeGreaterThan(of("isolation-forest") + 0.1);
    expect(method).not.toBe("isolation-forest");
  }, 60_000);

  it("chooses by the frames that are labelled as not normal, and learns from the others alone", async () => {
    const normal = correlated(1, 700, 6, 2);
    const labels = Array.from({ length: 700 }, (_, row) => (row % 7 === 6 ? "fault" : undefined));
    const data = Float32Array.from(normal.data, (x, at) => (labels[Math.floor(at / 6)] && at % 6 === 2 ? x + 4 : x));
    const made = request({ ...normal, data }, { method: "auto", labels, abnormal: ["fault"] });
    const { choice, candidates, frames } = (await train(made)).manifest.training;
    expect(choice!.metric).toBe("auc");
    expect(frames).toBe(600);
    expect(candidates![0]!.metric).toBeGreaterThan(0.9);
  }, 60_000);

  it("finds a forecast", async () => {
    const normal = gaussian(31);
    const data = new Float32Array(800);
    for (let row = 1; row < 400; row++) {
      data[row * 2] = 0.8 * data[row * 2 - 2]! + data[row * 2 - 1]! + 0.1 * normal();
      data[row * 2 + 1] = normal();
    }
    const value = { from: "feature", feature: "c0 mean", ahead: 1 } as const;
    const made = request({ rows: 400, columns: 2, data }, { task: "value", method: "auto", value });
    const { choice, candidates, method } = (await train(made)).manifest.training;
    expect(choice).toMatchObject({ metric: "rmse", higherIsBetter: false });
    expect(["linear", "ridge"]).toContain(method);
    const rmse = candidates!.filter(({ metric }) => metric !== null).map(({ metric }) => metric!);
    expect(rmse).toEqual([...rmse].sort((a, b) => a - b));
  }, 60_000);
});

describe("candidatesOf", () => {
  it.each(["anomaly", "class", "value"] as const)(
    "has every learner of %s with its defaults, and then others",
    (task) => {
      const candidates = candidatesOf(task, 10);
      const first = candidates.slice(0, learners[task].length).map(({ learner }) => learner.id);
      expect(new Set(first)).toEqual(new Set(learners[task].map(({ id }) => id)));
      const keys = candidates.map(({ learner, options }) => learner.id + JSON.stringify(options));
      expect(new Set(keys).size).toBe(keys.length);
    },
  );

  it("leaves out what takes fewer features", () => {
    const least = Math.min(...learners.anomaly.map(({ maxFeatures }) => maxFeatures));
    expect(candidatesOf("anomaly", least + 1).every(({ learner }) => learner.maxFeatures > least)).toBe(true);
  });
});

describe("disturb", () => {
  const rows: Matrix = correlated(3, 400, 4, 2);
  const channels = ["a", "a", "b", null];

  it("changes one channel of each row, all of its features together, and no other", () => {
    const found = disturb(rows, rows, channels, seeded(1));
    for (let row = 0; row < 400; row++) {
      const changed = [0, 1, 2, 3].filter((i) => found.data[row * 4 + i] !== rows.data[row * 4 + i]);
      // The one frame whose values are taken may be the row itself.
      expect(["0,1", "2", "3", ""]).toContain(changed.join());
    }
  });

  it("shifts by 1 to 4 deviations, doubles the spread, takes other frames' values, or stays the same", () => {
    const found = disturb(rows, rows, ["a", "a", "a", "a"], seeded(2));
    const column = (of: Matrix, kind: number) => Array.from({ length: 100 }, (_, i) => of.data[(4 * i + kind) * 4]!);
    const values = new Set(Array.from({ length: 400 }, (_, row) => rows.data[row * 4]!));
    const mean = [...values].reduce((sum, x) => sum + x, 0) / 400;
    const std = Math.sqrt([...values].reduce((sum, x) => sum + (x - mean) ** 2, 0) / 400);
    column(found, 0).forEach((x, i) => {
      const shift = Math.abs(x - column(rows, 0)[i]!) / std;
      expect(shift).toBeGreaterThan(0.99);
      expect(shift).toBeLessThan(4.01);
    });
    for (const x of column(found, 1)) expect(values).toContain(x);
    column(found, 2).forEach((x, i) => {
      expect(x - mean).toBeCloseTo(2 * (column(rows, 2)[i]! - mean), 4);
    });
    expect(new Set(column(found, 3)).size).toBe(1);
  });

  it("leaves the rows as they were", () => {
    const before = Float32Array.from(rows.data);
    disturb(rows, rows, channels, seeded(3));
    expect(rows.data).toEqual(before);
  });
});
