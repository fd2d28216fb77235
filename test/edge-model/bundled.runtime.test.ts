import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ModelStore } from "../../nodes/lib/model/index.ts";
import { anomalyBundle } from "../support/models.ts";
import { ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

const { modelStore } = require(join(ROOT, "dist/glue/index.js")) as typeof import("../../nodes/glue/index.ts");

const NAME = "voice-keywords";

let runtime: Runtime;
let store: ModelStore;
beforeAll(async () => {
  runtime = await startRuntime();
  store = modelStore(runtime.RED);
});
afterAll(() => runtime.stop());

const deploy = () =>
  runtime.deploy([
    { id: "m", type: "edge-model", model: NAME, config: true },
    { id: "n", type: "edge-infer", model: "m", wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
const inUse = (version: string) =>
  until(() => runtime.status("n")?.text?.startsWith(`v${version}`) === true, `version ${version} is in use`, 20_000);

it("a model that comes with the package is there without an upload, and listed for the dialog", async () => {
  expect(await (await fetch(`${runtime.url}/edge-ml/bundled-models`)).json()).toContain(NAME);
  expect(await store.list(NAME)).toEqual([]);
  await deploy();
  await inUse("1");
  const { manifest } = (await store.current(NAME))!;
  expect(manifest).toMatchObject({ name: NAME, version: "1", task: "class" });
  expect(manifest!.labels).toContain("none");
  await deploy();
  await inUse("1");
  expect(await store.list(NAME)).toEqual(["1"]);
}, 60_000);

it("a model of one's own of that name is not replaced", async () => {
  await store.save(NAME, (version) => anomalyBundle({ name: NAME, version }));
  await deploy();
  await inUse("2");
  expect(await store.list(NAME)).toEqual(["2", "1"]);
  expect((await store.current(NAME))!.manifest!.task).toBe("anomaly");
}, 60_000);
