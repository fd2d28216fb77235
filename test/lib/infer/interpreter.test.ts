import { describe, expect, it } from "vitest";
import { type ClassResult, compile, type Result, schemas } from "../../../nodes/lib/frame/index.ts";
import { type InterpreterSettings, interpreter } from "../../../nodes/lib/infer/interpreter.ts";
import type { Meaning } from "../../../nodes/lib/infer/meaning.ts";
import type { OutputTensor } from "../../../nodes/lib/infer/runner.ts";
import type { Manifest } from "../../../nodes/lib/model/index.ts";
import { manifest } from "../../support/infer-models.ts";

const tensor = (name: string, shape: number[], data: number[] | string[]): OutputTensor => ({
  name,
  shape,
  data: typeof data[0] === "string" ? (data as string[]) : Float32Array.from(data as number[]),
});
const validResult = compile<Result>(schemas.result, "EDGE_ML_PAYLOAD", "msg.payload");

/** The result as JSON brings it over, checked against the schema of results. */
function interpret(own: Meaning, outputs: OutputTensor[], row = 0, rows = 1, settings?: InterpreterSettings) {
  const result = interpreter("ahu", own, settings).result(outputs, row, rows);
  return validResult(JSON.parse(JSON.stringify(result)));
}

describe("an anomaly model", () => {
  const outputs = (score: number) => [
    tensor("score", [2], [1, score]),
    tensor("contributions", [2, 4], [1, 0, 0, 0, 2, 8, 4, 6]),
  ];

  it("gives score, threshold, and the channels that pushed it up, with the feature that weighs most", () => {
    expect(interpret(manifest(), outputs(20), 1, 2)).toEqual({
      kind: "anomaly",
      score: 20,
      threshold: 10,
      anomalous: true,
      contributions: [
        { channel: "a", share: 0.5, feature: "maximum" },
        { channel: "b", share: 0.5, feature: "maximum" },
      ],
    });
    expect(interpret(manifest(), outputs(20), 0, 2)).toEqual({
      kind: "anomaly",
      score: 1,
      threshold: 10,
      anomalous: false,
      contributions: [{ channel: "a", share: 1, feature: "mean" }],
    });
  });

  it("is anomalous above the threshold, not at it", () => {
    expect(interpret(manifest(), outputs(10), 1, 2)).toMatchObject({ anomalous: false });
    expect(interpret(manifest(), outputs(10.001), 1, 2)).toMatchObject({ anomalous: true });
  });

  it("holds the score against the node's own threshold", () => {
    expect(interpret(manifest(), outputs(20), 1, 2, { threshold: 25 })).toMatchObject({
      threshold: 25,
      anomalous: false,
    });
  });

  it("names as many channels as are wished, and asks for no contributions when none are", () => {
    expect(interpret(manifest(), outputs(20), 1, 2, { contributions: 1 })).toMatchObject({
      contributions: [{ channel: "a" }],
    });
    const none = interpreter("ahu", manifest(), { contributions: 0 });
    expect(none.outputs).toEqual(["score"]);
    expect(none.result(outputs(20), 1, 2)).not.toHaveProperty("contributions");
  });

  it.each([
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
  ])("gives no score that is %s", (_, score) => {
    expect(() => interpret(manifest(), outputs(score), 1, 2)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_RUN" }),
    );
  });

  it("refuses outputs of another shape", () => {
    for (const wrong of [
      [],
      [tensor("score", [2], [1, 2])],
      [outputs(1)[0]!, tensor("contributions", [2, 3], [1, 2, 3, 4, 5, 6])],
    ]) {
      expect(() => interpret(manifest(), wrong, 1, 2)).toThrow(expect.objectContaining({ code: "EDGE_ML_MODEL_RUN" }));
    }
  });
});

describe("a classifier", () => {
  const own = (outputs: Manifest["outputs"], labels = ["idle", "__proto__", "spin"]) =>
    manifest("1", { task: "class", labels, outputs });

  it("gives the label of the highest probability, and the scores of all", () => {
    const outputs = [tensor("p", [1, 3], [0.25, 0.5, 0.25])];
    expect(interpret(own({ probabilities: "p" }), outputs)).toEqual({
      kind: "class",
      label: "__proto__",
      confidence: 0.5,
      scores: [
        { label: "idle", score: 0.25 },
        { label: "__proto__", score: 0.5 },
        { label: "spin", score: 0.25 },
      ],
    });
  });

  it("is uncertain below the confidence, not at it", () => {
    const outputs = [tensor("p", [1, 3], [0.25, 0.5, 0.25])];
    const label = (uncertainBelow: number) => interpret(own({ probabilities: "p" }), outputs, 0, 1, { uncertainBelow });
    expect(label(0.5)).toMatchObject({ label: "__proto__" });
    expect(label(0.51)).toMatchObject({ label: "uncertain", confidence: 0.5 });
  });

  it("takes one number for two classes as the probability of the second", () => {
    const two = own({ probabilities: "p" }, ["good", "bad"]);
    expect(interpret(two, [tensor("p", [2, 1], [0.5, 0.75])], 1, 2)).toMatchObject({
      label: "bad",
      confidence: 0.75,
      scores: [
        { label: "good", score: 0.25 },
        { label: "bad", score: 0.75 },
      ],
    });
  });

  it("takes a label alone at its word: a text, or the place in the labels", () => {
    expect(interpret(own({ label: "l" }), [tensor("l", [2], ["x", "y"])], 1, 2)).toMatchObject({
      label: "y",
      confidence: 1,
    });
    expect(interpret(own({ label: "l" }), [tensor("l", [1], [2])])).toMatchObject({ label: "spin" });
    expect(interpret(own({ label: "l" }), [tensor("l", [1], [7])])).toMatchObject({ label: "7" });
  });

  it("gives no class when a probability is not a number", () => {
    expect(() => interpret(own({ probabilities: "p" }), [tensor("p", [1, 3], [0.5, Number.NaN, 0.5])])).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_RUN" }),
    );
    expect(() => interpret(own({ label: "l" }), [tensor("l", [1], [Number.NaN])])).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_RUN" }),
    );
  });
});

describe("the probabilities of a classifier", () => {
  const own: Meaning = { task: "class", labels: ["a", "b", "c"], outputs: { probabilities: "p" } };
  const scores = (meaning: Meaning, numbers: number[], settings?: InterpreterSettings) => {
    const result = interpret(meaning, [tensor("p", [1, numbers.length], numbers)], 0, 1, settings);
    return (result as ClassResult).scores.map(({ score }) => score);
  };
  // scipy.special.softmax([2, 1, -1]) and scipy.special.expit(2)
  const soft = [0.70538451, 0.25949646, 0.03511903].map((value) => expect.closeTo(value, 6));
  const sigmoid = [1 - 0.88079708, 0.88079708].map((value) => expect.closeTo(value, 6));
  const two: Meaning = { ...own, labels: ["a", "b"] };

  it.each<[string, Meaning, number[], InterpreterSettings | undefined, unknown[]]>([
    ["logits become probabilities", own, [2, 1, -1], undefined, soft],
    ["probabilities stay", own, [0.5, 0.25, 0.25], undefined, [0.5, 0.25, 0.25]],
    ["rounding of an 8-bit softmax is none", own, [0.5, 0.25, 0.2421875], undefined, [0.5, 0.25, 0.2421875]],
    [
      "the graph shows logits that look like probabilities",
      { ...own, scale: "logits" },
      [0, 0, 1],
      undefined,
      [expect.closeTo(0.21194156, 6), expect.closeTo(0.21194156, 6), expect.closeTo(0.57611688, 6)],
    ],
    [
      "the graph shows sigmoids that do not add up",
      { ...own, scale: "probabilities" },
      [0.75, 0.75, 0],
      undefined,
      [0.75, 0.75, 0],
    ],
    ["never", own, [2, 1, -1], { softmax: "off" }, [2, 1, -1]],
    ["always", { ...own, scale: "probabilities" }, [2, 1, -1], { softmax: "on" }, soft],
    [
      "large logits do not overflow",
      own,
      [2000, 1999, -1e30],
      undefined,
      [expect.closeTo(0.73105858, 6), expect.closeTo(0.26894142, 6), 0],
    ],
    ["a single logit is one of the second class", two, [2], undefined, sigmoid],
    ["a single probability stays", two, [0.75], undefined, [0.25, 0.75]],
  ])("%s", (_, meaning, numbers, settings, expected) => {
    expect(scores(meaning, numbers, settings)).toEqual(expected);
  });

  it("names the most probable first, and as many as are wished", () => {
    const outputs = [tensor("p", [1, 3], [0.25, 0.5, 0.25])];
    const named = (top: number) =>
      (interpret(own, outputs, 0, 1, { top }) as ClassResult).scores.map(({ label }) => label);
    expect(named(0)).toEqual(["a", "b", "c"]);
    expect(named(2)).toEqual(["b", "a"]);
    expect(named(9)).toEqual(["b", "a", "c"]);
  });

  it("carries the thresholds of a model of events, and names its events whatever is cut off", () => {
    const triggers = { smoothing: 4, hop: 50, labels: [{ label: "c", threshold: 0.75 }], falseAlarmsPerHour: 0.5 };
    const outputs = [tensor("p", [1, 3], [0.25, 0.625, 0.125])];
    const result = (settings?: InterpreterSettings) => interpret({ ...own, triggers }, outputs, 0, 1, settings);
    expect(result()).toEqual({
      kind: "class",
      label: "b",
      confidence: 0.625,
      scores: [
        { label: "a", score: 0.25 },
        { label: "b", score: 0.625 },
        { label: "c", score: 0.125, threshold: 0.75 },
      ],
      triggers: { smoothing: 4, hop: 50 },
    });
    const named = (top: number) => (result({ top }) as ClassResult).scores.map(({ label }) => label);
    expect(named(1)).toEqual(["b", "c"]);
    expect(named(2)).toEqual(["b", "a", "c"]);
    // The thresholds of events are for the smoothed score: a single one is as sure as ever.
    expect(result({ uncertainBelow: 0.7 })).toMatchObject({ label: "uncertain" });
    const stray = { ...triggers, labels: [{ label: "x", threshold: 0.5 }] };
    expect(() => interpreter("m", { ...own, triggers: stray })).toThrowError(
      expect.objectContaining({ code: "EDGE_ML_MODEL_INVALID", message: expect.stringContaining('"x"') }),
    );
  });

  it("holds a class against its own threshold instead of the common one", () => {
    const label = (settings: InterpreterSettings) =>
      interpret(own, [tensor("p", [1, 3], [0.25, 0.5, 0.25])], 0, 1, settings);
    expect(label({ classThresholds: [{ label: "b", threshold: 0.6 }] })).toMatchObject({ label: "uncertain" });
    expect(label({ classThresholds: [{ label: "b", threshold: 0.5 }], uncertainBelow: 0.9 })).toMatchObject({
      label: "b",
    });
    expect(label({ classThresholds: [{ label: "a", threshold: 0.9 }] })).toMatchObject({ label: "b" });
    expect(label({ classThresholds: [{ label: "a", threshold: 0 }], uncertainBelow: 0.9 })).toMatchObject({
      label: "uncertain",
    });
  });
});

describe("a value model", () => {
  it("names one value by its output, several by the labels or by number", () => {
    const own = (labels?: string[]) =>
      manifest("1", { task: "value", outputs: { values: "power" }, ...(labels ? { labels } : {}) });
    expect(interpret(own(), [tensor("power", [2, 1], [1, 2])], 1, 2)).toEqual({
      kind: "value",
      values: [{ name: "power", value: 2 }],
    });
    const pair = [tensor("power", [2, 2], [1, 2, 3, 4])];
    expect(interpret(own(), pair, 1, 2)).toMatchObject({
      values: [
        { name: "power [0]", value: 3 },
        { name: "power [1]", value: 4 },
      ],
    });
    expect(interpret(own(["in", "out"]), pair, 0, 2)).toMatchObject({
      values: [{ name: "in" }, { name: "out", value: 2 }],
    });
    expect(() => interpret(own(["in", "out", "more"]), pair, 0, 2)).toThrow(/was expected/);
    expect(() => interpret(own(), [tensor("power", [1], [Number.NaN])])).toThrow(/"power" is NaN/);
  });
});

describe("a model from elsewhere", () => {
  it("gives its outputs as they are, of the one frame", () => {
    const outputs = [tensor("y", [2, 2], [1, 2, 3, 4]), tensor("label", [2], ["a", "b"])];
    expect(interpret({ task: "tensors", outputs: {} }, outputs, 1, 2)).toEqual({
      kind: "tensors",
      tensors: [
        { name: "y", shape: [1, 2], data: [3, 4] },
        { name: "label", shape: [1], data: ["b"] },
      ],
    });
    expect(interpret({ task: "tensors", outputs: {} }, [tensor("y", [3], [1, 2, 3])])).toMatchObject({
      tensors: [{ shape: [3], data: [1, 2, 3] }],
    });
  });

  it("gives nothing when a number is none", () => {
    expect(() => interpret({ task: "tensors", outputs: {} }, [tensor("y", [1, 2], [1, Number.NaN])])).toThrow(
      /"y" holds NaN/,
    );
  });
});
