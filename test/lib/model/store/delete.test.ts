import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelStore } from "../../../../nodes/lib/model/index.ts";
import { anomalyBundle } from "../../../support/models.ts";

let store: ModelStore;
beforeEach(async () => {
  store = new ModelStore(mkdtempSync(join(tmpdir(), "edge-ml-delete-")));
  for (let i = 0; i < 3; i++) await store.save("m", (version) => anomalyBundle({ name: "m", version }));
});
afterEach(() => rmSync(store.folder, { recursive: true, force: true }));

const files = () => readdirSync(join(store.folder, "m")).sort();

describe("deleting a version", () => {
  it("removes its file, and nothing else", async () => {
    await store.delete("m", "1");
    expect(files()).toEqual(["2.onnx", "3.onnx", "current"]);
    expect((await store.current("m"))?.version).toBe("3");
  });

  it.each([
    ["the version in use", "m", "3", "EDGE_ML_MODEL_IN_USE"],
    ["one that is not there", "m", "4", "EDGE_ML_MODEL_NOT_FOUND"],
    ["a path", "m", "../m/1", "EDGE_ML_MODEL_NOT_FOUND"],
    ["a model that is not there", "n", "1", "EDGE_ML_MODEL_NOT_FOUND"],
    ["a path as name", "../m", "1", "EDGE_ML_MODEL_NAME"],
  ])("refuses %s", async (_, name, version, code) => {
    await expect(store.delete(name, version)).rejects.toMatchObject({ code });
    expect(files()).toEqual(["1.onnx", "2.onnx", "3.onnx", "current"]);
  });

  it("refuses both the damaged version that should be in use and the one that stands in for it", async () => {
    writeFileSync(join(store.folder, "m", "3.onnx"), "damaged");
    await expect(store.delete("m", "3")).rejects.toMatchObject({ code: "EDGE_ML_MODEL_IN_USE" });
    await expect(store.delete("m", "2")).rejects.toMatchObject({ code: "EDGE_ML_MODEL_IN_USE" });
    await store.delete("m", "1");
    expect(files()).toEqual(["2.onnx", "3.onnx", "current"]);
  });
});
