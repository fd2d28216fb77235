import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { anomalyBundle } from "../support/models.ts";
import { ROOT, type Runtime, startRuntime } from "../support/runtime.ts";

// What is built, as nodes use it: one store per process.
const { modelOf, modelStore } = require(join(ROOT, "dist/glue/index.js")) as typeof import("../../nodes/glue/index.ts");

let runtime: Runtime;
let RED: Parameters<typeof modelStore>[0];
beforeAll(async () => {
  runtime = await startRuntime();
  RED = { ...runtime.RED, settings: runtime.RED.settings, nodes: { getNode: runtime.RED.nodes.getNode } };
});
afterAll(() => runtime.stop());

const config = (model: unknown, id = "m") => ({ id, type: "edge-model", model, config: true });
const store = () => modelStore(RED);
const save = (name: string) => store().save(name, (version) => anomalyBundle({ name, version }));
const get = async () => (await fetch(`${runtime.url}/edge-ml/models`)).json();
const post = (name: string, body: unknown, type = "application/json") =>
  fetch(`${runtime.url}/edge-ml/models/${name}/current`, {
    method: "POST",
    headers: { "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const problemsOf = (id: string) => runtime.log().filter((entry) => entry.id === id);

describe("edge-model", () => {
  it("gives the nodes that name it the model and the store", async () => {
    await runtime.deploy([config("ahu-1")]);
    const { name, store } = modelOf(RED, "m");
    expect(name).toBe("ahu-1");
    expect(store).toBe(modelStore(RED));
    expect(store.folder).toBe(join(runtime.userDir, "edge-ml", "models"));
    expect(problemsOf("m")).toEqual([]);
  });

  it.each([
    ["no name", undefined],
    ["an empty name", ""],
    ["a path", "../x"],
    ["__proto__", "__proto__"],
    ["65 letters", "x".repeat(65)],
    ["a number", 5],
    ["an object", { a: 1 }],
  ])("says what is wrong with %s, and so do the nodes that use it", async (_, model) => {
    await runtime.deploy([config(model)]);
    expect(problemsOf("m")).toHaveLength(1);
    expect(String(problemsOf("m")[0]!.msg)).toContain("1 to 64 letters");
    expect(() => modelOf(RED, "m")).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
  });

  it.each([undefined, "", "nobody", "sink", 5, "__proto__"])("is missing when a node names %j", async (id) => {
    await runtime.deploy([config("ahu-1"), { id: "sink", type: "test-sink" }]);
    expect(() => modelOf(RED, id)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: "model" }) }),
    );
  });
});

describe("the admin routes", () => {
  it("tell the models, their versions, and which is in use", async () => {
    await runtime.deploy([]);
    expect(await get()).toEqual([]);
    await save("ahu-1");
    await save("ahu-1");
    const theirs = join(store().folder, "theirs");
    mkdirSync(theirs);
    writeFileSync(join(theirs, "1.onnx"), readFileSync(join(ROOT, "test/golden/onnx/theirs-old.onnx")));
    writeFileSync(join(theirs, "2.onnx"), "damaged");
    const broken = join(store().folder, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "1.onnx"), "");
    const version = (version: string) => ({
      version,
      learned: true,
      created: "2026-11-20T10:00:00.000Z",
      task: "anomaly",
      method: "distance",
      frames: 800,
      threshold: 9,
      falseAlarmsPerDay: 0.1,
    });
    const problem = expect.stringContaining("not an ONNX file");
    expect(await get()).toEqual([
      { name: "ahu-1", current: "2", versions: [version("2"), version("1")] },
      { name: "broken", versions: [{ version: "1", learned: false, problem }] },
      {
        name: "theirs",
        current: "1",
        versions: [
          { version: "2", learned: false, problem },
          { version: "1", learned: false },
        ],
      },
    ]);
  });

  it("go back to an earlier version, and running nodes hear of it", async () => {
    await save("back");
    await save("back");
    const told: string[] = [];
    const listen = (name: string, model: { version: string }) => told.push(`${name} ${model.version}`);
    store().on("current", listen);
    const response = await post("back", { version: "1" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ name: "back", version: "1" });
    expect(told).toEqual(["back 1"]);
    store().off("current", listen);
    expect((await store().current("back"))?.version).toBe("1");
    expect(await get()).toContainEqual(expect.objectContaining({ name: "back", current: "1" }));
  });

  const wrong: [string, string, unknown, number, string][] = [
    ["a version that is not there", "one", { version: "9" }, 404, "EDGE_ML_MODEL_NOT_FOUND"],
    ["a path as version", "one", { version: "../one/1" }, 404, "EDGE_ML_MODEL_NOT_FOUND"],
    ["a model that is not there", "nobody", { version: "1" }, 404, "EDGE_ML_MODEL_NOT_FOUND"],
    ["a path as name", "..%2F..%2Fetc", { version: "1" }, 400, "EDGE_ML_MODEL_NAME"],
    ["__proto__ as name", "__proto__", { version: "1" }, 400, "EDGE_ML_MODEL_NAME"],
    ["no version", "one", {}, 400, "EDGE_ML_PAYLOAD"],
    ["a number as version", "one", { version: 1 }, 400, "EDGE_ML_PAYLOAD"],
    ["a list as body", "one", ["1"], 400, "EDGE_ML_PAYLOAD"],
    ["a damaged version", "one", { version: "7" }, 409, "EDGE_ML_MODEL_INVALID"],
  ];
  it.each(wrong)("refuse %s", async (_, name, body, status, code) => {
    if (!existsSync(join(store().folder, "one"))) await save("one");
    writeFileSync(join(store().folder, "one", "7.onnx"), "damaged");
    const response = await post(name, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, message: expect.any(String) });
    expect((await store().current("one"))?.version).toBe("1");
  });

  it("refuse a form, which a page from elsewhere could send", async () => {
    await save("form");
    await save("form");
    const response = await post("form", "version=1", "application/x-www-form-urlencoded");
    expect(response.status).toBe(400);
    expect((await store().current("form"))?.version).toBe("2");
  });
});
