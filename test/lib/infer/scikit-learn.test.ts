/** Models from elsewhere, against scikit-learn's own answers: see test/golden/infer/reference.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Inference, loadModel } from "../../../nodes/lib/infer/index.ts";
import { featureInfo, modelFile, TS_WORKER } from "../../support/infer-models.ts";
import { ROOT } from "../../support/runtime.ts";

const GOLDEN = join(ROOT, "test/golden/infer");
const expected = JSON.parse(readFileSync(join(GOLDEN, "reference.json"), "utf8"));

/** The output tensors of each row, all asked for at once. */
async function tensorsOf(file: string): Promise<Map<string, unknown[][]>> {
  const inference = new Inference({ limit: 100, policy: "refuse" });
  inference.use(await loadModel(modelFile(readFileSync(join(GOLDEN, file))), { worker: TS_WORKER }));
  const info = featureInfo({ shape: [3], names: ["x", "y", "z"] });
  const found = new Map<string, unknown[][]>();
  try {
    const all = expected.rows.map((row: number[]) => inference.infer({ data: Float32Array.from(row), info }));
    for (const { result } of await Promise.all(all)) {
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      for (const { name, data } of result.tensors) found.set(name, [...(found.get(name) ?? []), data]);
    }
  } finally {
    await inference.close();
  }
  return found;
}

const close = (rows: number[][]) => rows.map((row) => row.map((value) => expect.closeTo(value, 5)));
const single = (values: unknown[]) => values.map((value) => [value]);

it("runs an isolation forest: int64 labels as numbers, and its scores", async () => {
  const found = await tensorsOf("isolation-forest.onnx");
  expect(found.get("label")).toEqual(single(expected.isolationForest.label));
  expect(found.get("scores")).toEqual(close(single(expected.isolationForest.scores) as number[][]));
});

it("runs a classifier that ends in ZipMap: the map is left out, the label stays", async () => {
  const found = await tensorsOf("zipmap.onnx");
  expect([...found.keys()]).toEqual(["output_label"]);
  expect(found.get("output_label")).toEqual(single(expected.zipmap.label));
});

it("runs a classifier with texts as labels", async () => {
  const found = await tensorsOf("text-labels.onnx");
  expect(found.get("label")).toEqual(single(expected.textLabels.label));
  expect(found.get("probabilities")).toEqual(close(expected.textLabels.probabilities));
});
