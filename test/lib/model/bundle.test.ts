import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  MANIFEST_KEY,
  type Manifest,
  readManifest,
  readModelInfo,
  setMetadata,
  withManifest,
} from "../../../nodes/lib/model/index.ts";
import { anomalyBundle, anomalyManifest } from "../../support/models.ts";

const theirs = new Uint8Array(readFileSync(new URL("../../golden/onnx/theirs-old.onnx", import.meta.url)));

describe("a model bundle", () => {
  it("carries its manifest, and runs", async () => {
    const bytes = anomalyBundle();
    expect(readManifest(bytes)).toEqual(anomalyManifest());
    expect(readModelInfo(bytes)).toMatchObject({ producerName: "test", producerVersion: "1.0.0", opset: 17 });
    const session = await InferenceSession.create(bytes);
    const { score } = await session.run({ features: new Tensor("float32", [22, 0.5, 20, 0.7], [2, 2]) });
    expect(score!.data[0]).toBeCloseTo(1, 5);
    expect(score!.data[1]).toBeCloseTo(4, 5);
    await session.release();
  });

  it("keeps names in any language, and __proto__ as a name", () => {
    const input = { ...anomalyManifest().input, names: ["größe °C 温度", "__proto__"], channels: ["__proto__", null] };
    const training = JSON.parse(
      JSON.stringify(anomalyManifest().training).replace('"median":1.4', '"__proto__":1.4,"constructor":2'),
    );
    const read = readManifest(anomalyBundle({ input, training }));
    expect(read!.input).toEqual(input);
    expect(Object.entries(read!.training.holdOut.metrics)).toEqual([
      ["__proto__", 1.4],
      ["constructor", 2],
    ]);
  });

  it("says undefined of a model from elsewhere, and takes a manifest into it", () => {
    expect(readManifest(theirs)).toBeUndefined();
    const manifest = anomalyManifest({ name: "elsewhere" });
    const bytes = withManifest(withManifest(theirs, anomalyManifest()), manifest);
    expect(readManifest(bytes)).toEqual(manifest);
    expect(setMetadata(bytes, MANIFEST_KEY, undefined)).toEqual(theirs);
  });

  it("takes fields of a later package version along", () => {
    const later = { ...anomalyManifest(), board: { flash: 1 } };
    expect(readManifest(withManifest(theirs, later))).toEqual(later);
  });
});

/** A manifest with one field changed; undefined takes it away. */
function changed(path: string, value: unknown): Manifest {
  const manifest = anomalyManifest();
  const keys = path.split(".");
  const last = keys.pop()!;
  let part = manifest as unknown as Record<string, unknown>;
  for (const key of keys) part = part[key] as Record<string, unknown>;
  part[last] = value;
  return manifest;
}

const wrong: [string, unknown, RegExp][] = [
  ["format", 2, /manifest\.format is 2, but must be 1/],
  ["name", "", /manifest\.name is empty/],
  ["name", "x".repeat(65), /manifest\.name/],
  ["version", 1, /manifest\.version is 1/],
  ["task", "guess", /manifest\.task is the text "guess"/],
  ["input", undefined, /manifest\.input is missing/],
  ["input.shape", [], /manifest\.input\.shape/],
  ["input.shape", [null, 0], /manifest\.input\.shape\.1 is 0/],
  ["input.names", ["a"], /names 1 features but 2 channels/],
  ["input.channels", [1, 2], /manifest\.input\.channels\.0 is 1/],
  ["input.recipe", { version: 2 }, /manifest\.input\.recipe\.version is 2/],
  ["outputs", {}, /does not say which output is the score/],
  ["threshold.value", Number.NaN, /manifest\.threshold\.value is null/],
  ["threshold.method", "guess", /manifest\.threshold\.method/],
  ["threshold.holdOut.frames", -1, /manifest\.threshold\.holdOut\.frames is -1/],
  ["training.features", [{ name: "a", mean: Number.POSITIVE_INFINITY, std: 1 }], /training\.features\.0\.mean is null/],
  ["training.holdOut.metrics", { auc: "high" }, /metrics\.auc is the text "high"/],
  ["madeBy", null, /manifest\.madeBy is null/],
];

describe("a manifest that is wrong", () => {
  it.each(wrong)("is not written: %s %j", (path, value, message) => {
    expect(() => withManifest(theirs, changed(path, value))).toThrow(message);
    expect(() => withManifest(theirs, changed(path, value))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_INVALID" }),
    );
  });

  it.each(wrong)("is not read: %s %j", (path, value, message) => {
    const bytes = setMetadata(theirs, MANIFEST_KEY, JSON.stringify(changed(path, value)));
    expect(() => readManifest(bytes, "m")).toThrow(message);
  });

  it.each([
    ["no JSON", "{", /is not JSON/],
    ["an empty text", "", /is not JSON/],
    ["null", "null", /manifest is null/],
    ["a list", "[]", /manifest is an array/],
  ])("is not read: %s", (_, text, message) => {
    expect(() => readManifest(setMetadata(theirs, MANIFEST_KEY, text), "m")).toThrow(message);
  });

  it("is not read from a file that is cut off", () => {
    const bytes = anomalyBundle();
    expect(() => readManifest(bytes.subarray(0, bytes.length - 1), "m")).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_INVALID", details: expect.objectContaining({ name: "m" }) }),
    );
  });
});
