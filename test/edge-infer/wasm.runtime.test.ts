import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeBundle } from "../../nodes/lib/model/index.ts";
import { cachedPackage } from "../../scripts/lib/npm-cache.ts";
import { featureInfo, manifest, squares } from "../support/infer-models.ts";
import { ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const glue = require(join(ROOT, "dist/glue/models.js")) as typeof import("../../nodes/glue/models.ts");

let runtime: Runtime;
beforeAll(async () => {
  // As on a machine without a native ONNX Runtime.
  process.env.EDGE_ML_ONNXRUNTIME = cachedPackage("onnxruntime-web", "onnxruntime-web@1.30.0");
  runtime = await startRuntime();
}, 300_000);
afterAll(() => runtime.stop());

it("runs on the WebAssembly build where there is no other, and says so", async () => {
  const store = glue.modelStore(runtime.RED);
  await store.save("ahu", (version) => writeBundle(squares(), manifest(version, { name: "ahu" })));
  await runtime.deploy([
    { id: "m", type: "edge-model", model: "ahu", config: true },
    { id: "n", type: "edge-infer", model: "m", wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
  runtime.send("n", { payload: Float32Array.of(1, 2, 3, 4), frame: featureInfo() });
  expect((await runtime.receive("sink"))[0]!.payload).toMatchObject({ kind: "anomaly", score: 30 });
  await until(() => /^v1 · 1 · wasm · /.test(runtime.status("n")!.text!), "the status says so");
});
