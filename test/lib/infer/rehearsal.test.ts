import { describe, expect, it } from "vitest";
import type { Frame, Result } from "../../../nodes/lib/frame/index.ts";
import { FrameCheck } from "../../../nodes/lib/infer/frame-check.ts";
import type { LoadedModel } from "../../../nodes/lib/infer/index.ts";
import { interpreter } from "../../../nodes/lib/infer/interpreter.ts";
import { agreement, rehearse } from "../../../nodes/lib/infer/rehearsal.ts";
import { featureInfo, manifest } from "../../support/infer-models.ts";

const anomaly = (score: number, threshold = 10): Result => ({
  kind: "anomaly",
  score,
  threshold,
  anomalous: score > threshold,
});
const sort = (label: string, ...scores: number[]): Result => ({
  kind: "class",
  label,
  confidence: Math.max(...scores),
  scores: scores.map((score, i) => ({ label: "abc"[i]!, score })),
});
const values = (...list: number[]): Result => ({
  kind: "value",
  values: list.map((value, i) => ({ name: `v${i}`, value })),
});

describe("agreement", () => {
  it("of anomaly scores: the same side of each one's own threshold, correlation, mean difference", () => {
    const pairs = [
      [anomaly(5), anomaly(50, 100)],
      [anomaly(15), anomaly(150, 100)],
      [anomaly(9), anomaly(110, 100)],
      [anomaly(20), anomaly(200, 100)],
    ] as const;
    // numpy: np.corrcoef([5, 15, 9, 20], [50, 150, 110, 200])[0, 1]; np.mean(np.abs(...))
    expect(agreement(pairs)).toEqual({
      same: 0.75,
      correlation: expect.closeTo(0.9888535543802324, 12),
      meanDifference: 115.25,
    });
  });

  it("of classes: the same label, probabilities by label", () => {
    const other: Result = {
      kind: "class",
      label: "b",
      confidence: 0.7,
      scores: [
        { label: "b", score: 0.7 },
        { label: "a", score: 0.3 },
      ],
    };
    const told = agreement([
      [sort("a", 0.8, 0.2), sort("a", 0.6, 0.4)],
      [sort("b", 0.3, 0.7), other],
    ]);
    expect(told).toMatchObject({ same: 1, meanDifference: expect.closeTo(0.1, 12) });
  });

  it("of values: correlation and mean difference", () => {
    const told = agreement([
      [values(1, 2), values(2, 4)],
      [values(3, 4), values(6, 8)],
    ]);
    expect(told).toEqual({ correlation: expect.closeTo(1, 12), meanDifference: 2.5 });
  });

  it("says nothing of what cannot be compared: another kind of result, another number of values, a constant", () => {
    expect(agreement([[values(1), anomaly(1)]])).toEqual({});
    expect(agreement([[values(1, 2), values(1)]])).toEqual({});
    expect(agreement([[values(3), values(4)]])).toEqual({ meanDifference: 1 });
  });
});

/** Score = first feature times the factor, or what `fail` says. */
function model(version: string, factor: number, fail?: (first: number) => number | undefined): LoadedModel {
  return {
    reference: { name: "ahu", version, sha256: "0" },
    task: "anomaly",
    interpreter: interpreter("ahu", manifest(), { contributions: 0 }),
    check: new FrameCheck("ahu", manifest(), [null, 4]),
    moreInputs: [],
    maxBatch: 1,
    medianMs: 1,
    runner: {
      place: "process",
      inputShape: [null, 4],
      outputs: ["score"],
      run: async (rows) => {
        const data = Float32Array.of(fail?.(rows[0]!) ?? rows[0]! * factor);
        return { outputs: [{ name: "score", shape: [1], data }], ms: factor };
      },
      close: async () => undefined,
    },
  };
}
const frame = (first: number, info = featureInfo()): Frame => ({ data: Float32Array.of(first, 0, 0, 0), info });

describe("rehearse", () => {
  it("compares both versions on the same frames", async () => {
    expect(
      await rehearse(
        [3, 6, 12].map((first) => frame(first)),
        model("1", 1),
        model("2", 2),
      ),
    ).toEqual({
      from: "1",
      to: "2",
      frames: 3,
      same: expect.closeTo(2 / 3, 12),
      correlation: expect.closeTo(1, 12),
      meanDifference: 7,
      ms: { from: 1, to: 2 },
    });
  });

  it("leaves out frames that the new version was not made for, and those that the old one fails on", async () => {
    const other = featureInfo({ names: ["w", "x", "y", "z"] });
    const old = model("1", 1, (first) => (first === 2 ? Number.NaN : undefined));
    expect(await rehearse([frame(1, other), frame(2), frame(3)], old, model("2", 2))).toMatchObject({ frames: 1 });
    expect(await rehearse([frame(1, other)], old, model("2", 2))).toEqual({ from: "1", to: "2", frames: 0 });
  });

  it("gives a model with several inputs what came beside each frame, and leaves out frames that came without", async () => {
    const seen: unknown[] = [];
    const versions = [model("1", 1), model("2", 2)];
    for (const version of versions) {
      const { run } = version.runner;
      version.moreInputs = ["weather"];
      version.runner.run = (rows, count, shape, more) => {
        seen.push(more?.get("weather"));
        return run.call(version.runner, rows, count, shape, more);
      };
    }
    const more = new Map([["weather", Float64Array.of(7)]]);
    const [old, next] = versions as [LoadedModel, LoadedModel];
    expect(await rehearse([{ ...frame(1), more }, frame(2)], old, next)).toMatchObject({ frames: 1 });
    expect(seen).toEqual([Float64Array.of(7), Float64Array.of(7)]);
  });

  it("refuses a version that has no number for a frame that the old one had one for", async () => {
    const next = model("2", 1, (first) => (first === 4 ? Number.NaN : undefined));
    await expect(rehearse([frame(3), frame(4)], model("1", 1), next)).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
      details: { name: "ahu, version 2", reason: expect.stringContaining("its score is NaN") },
    });
  });
});
