/** Models as scikit-learn, XGBoost and LightGBM export them, against those libraries: see test/golden/infer/make_trained.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClassResult, ValueResult } from "../../../nodes/lib/frame/index.ts";
import type { LoadOptions } from "../../../nodes/lib/infer/index.ts";
import { readModelInfo, withPlainOutputs } from "../../../nodes/lib/model/index.ts";
import { runModel } from "../../support/run-model.ts";
import { ROOT } from "../../support/runtime.ts";

const GOLDEN = join(ROOT, "test/golden/infer/trained");
const answers = JSON.parse(readFileSync(join(GOLDEN, "trained.json"), "utf8"));
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(GOLDEN, `${name}.onnx`)));

const resultsOf = (name: string, options: LoadOptions = {}, rows: number[][] = answers.rows) =>
  runModel({ model: bytesOf(name), ...options }, rows);

/** float32 kernels against float64 ones. */
const close = (value: number) => expect.closeTo(value, 5);

describe("a classifier from elsewhere", () => {
  interface Answer {
    labels: string[];
    label: string[];
    probabilities: number[][];
  }
  it.each(Object.entries<Answer>(answers.classes))("%s says what its library says", async (name, answer) => {
    const results = (await resultsOf(name)) as ClassResult[];
    results.forEach((result, i) => {
      expect(result.label).toBe(answer.label[i]);
      expect(result.scores).toEqual(
        answer.labels.map((label, c) => ({ label, score: close(answer.probabilities[i]![c]!) })),
      );
      expect(result.confidence).toBe(Math.max(...result.scores.map(({ score }) => score)));
    });
  });

  it("gets names from the node when its file has mere numbers, and keeps those of the file", async () => {
    const labels = ["none", "one", "two"];
    const numbers = (await resultsOf("zipmap-number", { labels })) as ClassResult[];
    expect(numbers.map(({ label }) => label)).toEqual(
      answers.classes["zipmap-number"].label.map((label: string) => labels[Number(label)]),
    );
    const texts = (await resultsOf("zipmap-text", { labels })) as ClassResult[];
    expect(texts.map(({ label }) => label)).toEqual(answers.classes["zipmap-text"].label);
  });

  it("gives its label alone, or its tensors, when the node wants them", async () => {
    const labels = (await resultsOf("zipmap-text", { output: "output_label" })) as ClassResult[];
    expect(labels).toEqual(
      answers.classes["zipmap-text"].label.map((label: string) => ({
        kind: "class",
        label,
        confidence: 1,
        scores: [{ label, score: 1 }],
      })),
    );
    const [tensors] = await resultsOf("zipmap-text", { task: "tensors" });
    expect(tensors).toEqual({
      kind: "tensors",
      tensors: [
        { name: "output_label", shape: [1], data: [answers.classes["zipmap-text"].label[0]] },
        {
          name: "output_probability",
          shape: [1, 3],
          data: answers.classes["zipmap-text"].probabilities[0].map(close),
        },
      ],
    });
  });

  it("refuses labels that are more or fewer than its classes, and outputs that it does not have", async () => {
    await expect(resultsOf("zipmap-number", { labels: ["a", "b"] })).rejects.toThrow(/1 × 2 was expected/);
    await expect(resultsOf("zipmap-number", { output: "logits" })).rejects.toThrow(
      /no output "logits"; it has output_l/,
    );
  });
});

describe("a regressor from elsewhere", () => {
  it.each(Object.entries<number[][]>(answers.values))("%s says what its library says", async (name, answer) => {
    const results = (await resultsOf(name, { task: "value" })) as ValueResult[];
    results.forEach((result, i) => {
      expect(result.values.map(({ value }) => value)).toEqual(answer[i]!.map((value) => expect.closeTo(value, 3)));
    });
  });

  it("names its values as the node does", async () => {
    const [first] = (await resultsOf("two-values", { task: "value", labels: ["power", "heat"] })) as ValueResult[];
    expect(first!.values.map(({ name }) => name)).toEqual(["power", "heat"]);
  });
});

describe("an isolation forest of scikit-learn", () => {
  const { rows, label, scores } = answers.isolationForest;

  it("gives its label and its score as they are: -1 is an outlier, and low is strange", async () => {
    const results = await resultsOf("isolation-forest", {}, rows);
    const tensors = results.map((result) => (result.kind === "tensors" ? result.tensors.map(({ data }) => data) : []));
    expect(tensors).toEqual(rows.map((_: number[], i: number) => [[label[i]], [close(scores[i])]]));
    expect(label.at(-1)).toBe(-1);
  });

  it("is an anomaly model when the node says that low scores are strange", async () => {
    const options = { task: "anomaly", lowIsStrange: true, threshold: 0 } as const;
    expect(await resultsOf("isolation-forest", options, rows)).toEqual(
      rows.map((_: number[], i: number) => ({
        kind: "anomaly",
        score: close(-scores[i]),
        threshold: 0,
        anomalous: label[i] === -1,
      })),
    );
  });
});

it("unpacks the sequence of a classifier of several targets", async () => {
  const results = await resultsOf("several-targets", { task: "tensors" });
  results.forEach((result, i) => {
    const tensors = result.kind === "tensors" ? result.tensors : [];
    expect(tensors.map(({ name }) => name)).toEqual(["label", "probabilities [0]", "probabilities [1]"]);
    expect(tensors[1]!.data).toEqual(answers.severalTargets[0][i].map(close));
    expect(tensors[2]!.data).toEqual(answers.severalTargets[1][i].map(close));
  });
});

describe("withPlainOutputs", () => {
  it("leaves a model of tensors byte for byte", () => {
    const bytes = bytesOf("plain-text");
    expect(withPlainOutputs(bytes)).toBe(bytes);
  });

  it("changes nothing but the outputs", () => {
    const before = readModelInfo(bytesOf("zipmap-text"));
    const after = readModelInfo(withPlainOutputs(bytesOf("zipmap-text")));
    expect(after.outputs).toEqual([before.outputs[0], { name: "output_probability", kind: "tensor", type: "float32" }]);
    expect(after.operators.get("ZipMap")).toBeUndefined();
    expect({ ...after, outputs: 0, operators: 0 }).toEqual({ ...before, outputs: 0, operators: 0 });
  });
});
