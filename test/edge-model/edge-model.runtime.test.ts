import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { windowMessage } from "../support/frames.ts";
import { anomalyBundle } from "../support/models.ts";
import { ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";

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

describe("a model that somebody brings", () => {
  const golden = (file: string) => new Uint8Array(readFileSync(join(ROOT, "test/golden", file)));
  const upload = (name: string, files: [string, Uint8Array][], list?: unknown) =>
    fetch(
      `${runtime.url}/edge-ml/models/${name}/versions?files=${encodeURIComponent(
        JSON.stringify(list ?? files.map(([file, bytes]) => [file, bytes.length])),
      )}`,
      {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: Buffer.concat(files.map(([, bytes]) => bytes)),
      },
    );
  const importFile = (name: string, body: unknown, type = "application/json") =>
    fetch(`${runtime.url}/edge-ml/models/${name}/versions`, {
      method: "POST",
      headers: { "content-type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const version = (name: string, version: string, rest = "", method = "GET") =>
    fetch(`${runtime.url}/edge-ml/models/${name}/versions/${version}${rest}`, { method });

  it("is tried, stored and in use, described, given back byte for byte, and deleted when another one is in use", async () => {
    const pipeline = golden("infer/trained/pipeline.onnx");
    const wand = golden("tflite/magic-wand-int8.tflite");
    const first = await upload("mine", [["pipeline.onnx", pipeline]]);
    expect(first.status).toBe(200);
    expect(await first.json()).toMatchObject({ version: "1", description: { format: "ONNX", problems: [] } });
    const second = await upload("mine", [["wand.TFLITE", wand]]);
    expect(await second.json()).toMatchObject({ version: "2", description: { format: "TensorFlow Lite" } });
    expect((await store().current("mine"))?.version).toBe("2");

    expect(await (await version("mine", "1")).json()).toMatchObject({ size: pipeline.length, problems: [] });
    const file = await version("mine", "2", "/file");
    expect(file.headers.get("content-disposition")).toBe('attachment; filename="mine-2.tflite"');
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(wand);

    const used = await version("mine", "2", "", "DELETE");
    expect([used.status, (await used.json()).code]).toEqual([409, "EDGE_ML_MODEL_IN_USE"]);
    expect((await version("mine", "1", "", "DELETE")).status).toBe(200);
    expect(await store().list("mine")).toEqual(["2"]);
    expect((await version("mine", "1", "", "DELETE")).status).toBe(404);
  });

  it("gives results in a flow, at once", async () => {
    await runtime.deploy([
      config("served"),
      { id: "n", type: "edge-infer", model: "m", wires: [["sink"]] },
      { id: "sink", type: "test-sink" },
    ]);
    expect((await upload("served", [["two.onnx", golden("infer/trained/two-classes.onnx")]])).status).toBe(200);
    await until(() => runtime.status("n")?.text?.startsWith("v1") === true, "the model is in use");
    runtime.send("n", windowMessage([[1.6, 13.8, 1.1]]));
    const [msg] = await runtime.receive("sink");
    expect(msg!.model).toMatchObject({ name: "served", version: "1" });
    expect(msg!.payload).toMatchObject({ kind: "class", label: expect.any(String) });
  });

  it("may have its weights in a second file, which is taken in", async () => {
    const model = golden("infer/networks/torch-external.onnx");
    const alone = await upload("torch", [["torch-external.onnx", model]]);
    expect(alone.status).toBe(409);
    const { code, description } = await alone.json();
    expect(code).toBe("EDGE_ML_MODEL_INVALID");
    expect(description.problems).toEqual([{ code, message: expect.stringMatching(/second file/) }]);
    const weights = golden("infer/networks/torch-external.onnx.data");
    const both = await upload("torch", [
      ["torch-external.onnx.data", weights],
      ["torch-external.onnx", model],
    ]);
    expect(await both.json()).toMatchObject({ version: "1", description: { problems: [] } });
    expect((await store().current("torch"))!.bytes.length).toBeGreaterThan(weights.length);
  });

  it("keeps its manifest, with the name and version that it has now", async () => {
    const ours = anomalyBundle({ name: "elsewhere", version: "7" });
    expect((await upload("renamed", [["x.onnx", ours]])).status).toBe(200);
    expect((await store().current("renamed"))?.manifest).toMatchObject({ name: "renamed", version: "1" });
  });

  const good = golden("infer/trained/pipeline.onnx");
  const many = Array.from({ length: 21 }, (_, i) => [`w${i}`, 0]);
  const refused: [string, string, [string, Uint8Array][], unknown, number, string][] = [
    ["noise", "bad", [["a.onnx", new Uint8Array(5000).fill(7)]], undefined, 409, "EDGE_ML_MODEL_INVALID"],
    ["nothing", "bad", [["a.onnx", new Uint8Array()]], undefined, 409, "EDGE_ML_MODEL_INVALID"],
    ["a truncated file", "bad", [["a.onnx", good.subarray(0, 700)]], undefined, 409, "EDGE_ML_MODEL_INVALID"],
    ["a wrong name", "..%2Fbad", [["a.onnx", good]], undefined, 400, "EDGE_ML_MODEL_NAME"],
    ["__proto__ as name", "__proto__", [["a.onnx", good]], undefined, 400, "EDGE_ML_MODEL_NAME"],
    ["another kind of file", "bad", [["a.pt", good]], undefined, 400, "EDGE_ML_PAYLOAD"],
    [
      "two models",
      "bad",
      [
        ["a.onnx", good],
        ["b.onnx", good],
      ],
      undefined,
      400,
      "EDGE_ML_PAYLOAD",
    ],
    [
      "one name twice",
      "bad",
      [
        ["a.onnx", good],
        ["a.onnx", good],
      ],
      undefined,
      400,
      "EDGE_ML_PAYLOAD",
    ],
    ["a list that is none", "bad", [["a.onnx", good]], { a: 1 }, 400, "EDGE_ML_PAYLOAD"],
    ["too many files", "bad", [["a.onnx", good]], [["a.onnx", good.length], ...many], 400, "EDGE_ML_PAYLOAD"],
    ["a wrong length", "bad", [["a.onnx", good]], [["a.onnx", good.length + 1]], 400, "EDGE_ML_PAYLOAD"],
    ["a negative length", "bad", [["a.onnx", good]], [["a.onnx", -1]], 400, "EDGE_ML_PAYLOAD"],
  ];
  it.each(refused)("is refused: %s", async (_, name, files, list, status, code) => {
    const response = await upload(name, files, list);
    expect([response.status, (await response.json()).code]).toEqual([status, code]);
    expect(existsSync(join(store().folder, "bad"))).toBe(false);
  });

  it("is refused before a byte of it is read when it is larger than the machine has room for", async () => {
    const length = 8 * 1024 ** 4;
    const list = encodeURIComponent(JSON.stringify([["a.onnx", length]]));
    const answer = await new Promise<{ status: number | undefined; body: string }>((done, fail) => {
      const sent = request(`${runtime.url}/edge-ml/models/bad/versions?files=${list}`, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", "content-length": length },
      });
      sent.on("error", fail);
      sent.on("response", async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        sent.destroy();
        done({ status: response.statusCode, body });
      });
      sent.flushHeaders();
    });
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, "EDGE_ML_MODEL_TOO_LARGE"]);
  });

  it("may lie in the models folder", async () => {
    const { folder } = store();
    mkdirSync(join(folder, "drop"), { recursive: true });
    writeFileSync(join(folder, "pipeline.onnx"), good);
    for (const file of ["torch-external.onnx", "torch-external.onnx.data"]) {
      writeFileSync(join(folder, "drop", file), golden(`infer/networks/${file}`));
    }
    writeFileSync(join(runtime.userDir, "outside.onnx"), good);
    symlinkSync(join(runtime.userDir, "outside.onnx"), join(folder, "drop", "link.onnx"));
    const listed = await (await fetch(`${runtime.url}/edge-ml/model-files`)).json();
    expect(listed).toEqual(["drop/link.onnx", "drop/torch-external.onnx", "pipeline.onnx"]);

    expect(await (await importFile("dropped", { path: "pipeline.onnx" })).json()).toMatchObject({ version: "1" });
    const external = await importFile("dropped", { path: "drop/torch-external.onnx" });
    expect(await external.json()).toMatchObject({ version: "2", description: { problems: [] } });

    const wrong: [unknown, number, string][] = [
      [{ path: "../../outside.onnx" }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: "drop/../../../outside.onnx" }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: join(runtime.userDir, "outside.onnx") }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: "..\\outside.onnx" }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: "a\0.onnx" }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: "current" }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: 5 }, 400, "EDGE_ML_PAYLOAD"],
      [{ path: "drop/link.onnx" }, 500, "EDGE_ML_STORE"],
      [{ path: "none.onnx" }, 404, "EDGE_ML_MODEL_NOT_FOUND"],
    ];
    for (const [body, status, code] of wrong) {
      const response = await importFile("dropped", body);
      expect([body, response.status, (await response.json()).code]).toEqual([body, status, code]);
    }
    const form = await importFile("dropped", "path=pipeline.onnx", "application/x-www-form-urlencoded");
    expect(form.status).toBe(400);
    expect(await store().list("dropped")).toEqual(["2", "1"]);
  });

  it.each([
    ["../1", 404],
    ["..%2F1", 404],
    ["current", 404],
    ["9", 404],
  ])("has no version %s", async (name, status) => {
    expect((await version("mine", name)).status).toBe(status);
    expect((await version("mine", name, "/file")).status).toBe(status);
    expect((await version("mine", name, "", "DELETE")).status).toBe(status);
  });
});
