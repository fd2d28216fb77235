/** Learning with the WebAssembly build of ONNX Runtime, for machines without a native one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onnxruntime } from "../../../../nodes/lib/runtime/index.ts";
import { cachedPackage } from "../../../../scripts/lib/npm-cache.ts";
import { correlated, fitAnomaly, fitClasses, fitValues, rowOf } from "../support.ts";

beforeAll(() => {
  process.env.EDGE_ML_ONNXRUNTIME = cachedPackage("onnxruntime-web", "onnxruntime-web@1.30.0");
}, 300_000);
afterAll(() => {
  delete process.env.EDGE_ML_ONNXRUNTIME;
});

// So many that kernels are used wherever there are some.
const rows = correlated(1, 2500, 12, 3);

describe("with WebAssembly", () => {
  it("is what the tests say", async () => {
    expect((await onnxruntime()).kind).toBe("wasm");
  });

  it.each([
    ["pca", {}],
    ["kmeans", {}],
    ["mahalanobis", {}],
    ["gmm", {}],
    ["gmm", { covariance: "diagonal" }],
    ["autoencoder", { epochs: 2 }],
  ])("learns what is normal: %s %j", async (id, options) => {
    const model = await fitAnomaly(id, rows, options);
    const strange = rowOf(rows, 0).map((value, i) => value + (i % 2 === 0 ? 8 : -8));
    expect(model.predict(strange).score).toBeGreaterThan(model.predict(rowOf(rows, 0)).score + 1);
  });

  it.each([
    ["logistic", {}],
    ["mlp", { epochs: 3 }],
  ])("learns classes: %s", async (id, options) => {
    const classes = Int32Array.from({ length: rows.rows }, (_, row) => (rows.data[row * 12]! > 0 ? 1 : 0));
    const model = await fitClasses(id, rows, { classes, count: 2 }, options);
    let right = 0;
    for (let row = 0; row < 200; row++) if (model.predict(rowOf(rows, row))[classes[row]!]! > 0.5) right++;
    expect(right).toBeGreaterThan(180);
  });

  it.each(["linear", "ridge"])("learns a value: %s", async (id) => {
    const values = Float64Array.from({ length: rows.rows }, (_, row) => 3 * rows.data[row * 12]! + 5);
    const model = await fitValues(id, rows, values);
    expect(model.predict(rowOf(rows, 7))).toBeCloseTo(values[7]!, 2);
  });
});
