import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EdgeMlError } from "../../../nodes/lib/errors/index.ts";
import type { Result } from "../../../nodes/lib/frame/index.ts";
import { FrameCheck } from "../../../nodes/lib/infer/frame-check.ts";
import {
  Ensemble,
  Inference,
  type LoadedModel,
  ModelAges,
  type ModelFile,
  SharedRunners,
} from "../../../nodes/lib/infer/index.ts";
import { interpreter } from "../../../nodes/lib/infer/interpreter.ts";
import { SessionRunner } from "../../../nodes/lib/infer/session-runner.ts";
import { type Manifest, ModelStore, OnnxGraph, writeBundle } from "../../../nodes/lib/model/index.ts";
import { featureInfo, logarithm, manifest, RECIPE, softmax, squares } from "../../support/infer-models.ts";

const NAME = "ahu";
let store: ModelStore;
let shared: SharedRunners;
let problems: EdgeMlError[];
const close: (() => unknown)[] = [];
beforeEach(() => {
  store = new ModelStore(mkdtempSync(join(tmpdir(), "edge-ml-ages-")));
  shared = new SharedRunners();
  problems = [];
});
afterEach(async () => {
  for (const each of close.splice(0).reverse()) await each();
  rmSync(store.folder, { recursive: true, force: true });
});

const save = (graph: OnnxGraph, overrides: Partial<Manifest> = {}) =>
  store.save(NAME, (version) => writeBundle(graph, manifest(version, overrides)));

/** As loadModel does it, but without the worker that it tries a model in: that takes most of a second. */
async function load({ name, version, sha256, bytes, manifest }: ModelFile): Promise<LoadedModel> {
  const interpret = interpreter(`${name}, version ${version}`, manifest!);
  const { runner } = await shared.take(sha256 + version, async () => ({
    runner: await SessionRunner.open({ name, bytes, outputs: interpret.outputs! }),
    found: undefined,
  }));
  return {
    reference: { name, version, sha256 },
    task: manifest!.task,
    runner,
    interpreter: interpret,
    check: new FrameCheck(name, manifest, manifest!.input.shape),
    moreInputs: [],
    maxBatch: 8,
    medianMs: 0.1,
    manifest: manifest!,
  };
}

function agesOf(versions: number, atLeast = 0): ModelAges {
  const ages = new ModelAges({
    store,
    name: NAME,
    versions,
    atLeast,
    load,
    problem: (error) => problems.push(error),
  });
  close.push(() => ages.close());
  return ages;
}

/** The newest version with those before it, as edge-infer does it. */
async function newest(ages: ModelAges, version?: string): Promise<LoadedModel> {
  const file = version === undefined ? (await store.current(NAME))! : await store.read(NAME, version);
  return ages.around(await load(file), file.bytes.length);
}

const versionsOf = (model: LoadedModel) => (model as Ensemble).versions;

async function ask(model: LoadedModel, ...firsts: number[]): Promise<Result[]> {
  const rows = Float32Array.from(firsts.flatMap((first) => [first, 0, 0, 0]));
  const { outputs } = await model.runner.run(rows, firsts.length);
  return firsts.map((_, row) => model.interpreter.result(outputs, row, firsts.length));
}

/** Scores of NaN for a frame that begins with −9: its logarithm is taken of what is below zero. */
const fragile = () => logarithm();

describe("versions of different age", () => {
  it("are asked for each frame; it is anomalous when all agree", async () => {
    for (const factor of [1, 2, 3]) await save(squares({ factor }));
    const model = await newest(agesOf(5));
    close.push(() => model.runner.close());
    expect(versionsOf(model)).toEqual(["3", "2", "1"]);
    // Scores 3, 2 and 1 times the square, all against 10.
    const results = await ask(model, 1, 2, 3, 4);
    expect(results).toMatchObject([
      { anomalous: false, agreement: { agree: 0, of: 3 } },
      { anomalous: false, agreement: { agree: 1, of: 3 } },
      { anomalous: false, agreement: { agree: 2, of: 3 } },
      { score: 16, threshold: 10, anomalous: true, agreement: { agree: 3, of: 3 } },
    ]);
    expect(model.reference.version).toBe("3");
  });

  it("are asked as many as wished, and enough of them decide", async () => {
    for (const factor of [1, 2, 3, 4]) await save(squares({ factor }));
    const model = await newest(agesOf(3, 2));
    close.push(() => model.runner.close());
    expect(versionsOf(model)).toEqual(["4", "3", "2"]);
    expect(await ask(model, 1.6, 1.9)).toMatchObject([
      { anomalous: false, agreement: { agree: 1, of: 3 } },
      { anomalous: true, agreement: { agree: 2, of: 3 } },
    ]);
  });

  it("need no more agreement than there are versions", async () => {
    await save(squares());
    const model = await newest(agesOf(5, 3));
    close.push(() => model.runner.close());
    expect(await ask(model, 4)).toMatchObject([{ anomalous: true, agreement: { agree: 1, of: 1 } }]);
    expect((model as Ensemble).needed).toBe(1);
  });

  it("are those that take the same frames; the hop may differ", async () => {
    const { input } = manifest();
    const made = (window: object) => ({
      input: { ...input, recipe: { ...RECIPE, window: { ...RECIPE.window, ...window } } },
    });
    await save(squares(), made({ hop: 1 }));
    await save(squares(), made({ size: 8 }));
    await save(squares(), { input: { ...input, names: ["a", "b", "c", "d"] } });
    await save(softmax(), { task: "class", outputs: { probabilities: "probabilities" }, labels: ["x", "y", "z"] });
    await save(squares());
    const model = await newest(agesOf(5));
    close.push(() => model.runner.close());
    expect(versionsOf(model)).toEqual(["5", "1"]);
    expect(problems).toEqual([]);
  });

  it("of a classifier are not asked", async () => {
    await save(squares());
    await save(softmax(), { task: "class", outputs: { probabilities: "probabilities" }, labels: ["x", "y", "z"] });
    const model = await newest(agesOf(5));
    close.push(() => model.runner.close());
    expect(model).not.toBeInstanceOf(Ensemble);
  });

  it("are those before the one in use: after going back, the later ones have no say", async () => {
    for (const factor of [1, 2, 3]) await save(squares({ factor }));
    const model = await newest(agesOf(5), "2");
    close.push(() => model.runner.close());
    expect(versionsOf(model)).toEqual(["2", "1"]);
  });

  it("are kept in the store for as long as somebody asks for them", async () => {
    const unreserve = store.reserve(NAME, 14);
    for (let i = 0; i < 16; i++) await save(squares());
    expect((await store.list(NAME)).length).toBe(14);
    const ages = agesOf(12);
    unreserve();
    await save(squares());
    expect((await store.list(NAME)).length).toBe(12);
    ages.close();
    await save(squares());
    expect((await store.list(NAME)).length).toBe(10);
  });
});

describe("a version that is exchanged", () => {
  it("stays loaded while it has a say, and is closed after", async () => {
    const ages = agesOf(2);
    await save(squares({ factor: 1 }));
    const first = await newest(ages);
    expect(shared.size).toBe(1);
    await save(squares({ factor: 2 }));
    const second = await newest(ages);
    await first.runner.close();
    expect(shared.size).toBe(2);
    expect(await ask(second, 4)).toMatchObject([{ agreement: { agree: 2, of: 2 } }]);
    await save(squares({ factor: 3 }));
    const third = await newest(ages);
    await second.runner.close();
    expect([versionsOf(third), shared.size]).toEqual([["3", "2"], 2]);
    expect(await ask(third, 4)).toMatchObject([{ agreement: { agree: 2, of: 2 } }]);
    await third.runner.close();
    expect(shared.size).toBe(0);
  });

  it("keeps the order of the frames, and loses none", async () => {
    const ages = agesOf(3);
    const inference = new Inference({ limit: 10_000, policy: "oldest" });
    close.push(() => inference.close());
    await save(squares({ factor: 1 }));
    inference.use(await newest(ages));
    const seen: number[] = [];
    const all: Promise<unknown>[] = [];
    for (let i = 0; i < 600; i++) {
      const data = Float32Array.of(i % 7, 0, 0, 0);
      all.push(inference.infer({ data, info: featureInfo({ seq: i }) }).then((outcome) => outcome && seen.push(i)));
      if (i % 200 === 199) {
        await save(squares({ factor: i }));
        inference.use(await inference.rehearse(await newest(ages)));
      }
    }
    await Promise.all(all);
    expect(seen).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect(inference.counts).toMatchObject({ scored: 600, failed: 0, dropped: 0 });
    // The rehearsal compares what all said before with what all say now.
    expect(inference.change).toMatchObject({ from: "3", to: "4" });
  });
});

describe("an older version that fails", () => {
  it("on a frame is dropped and told once; the others go on", async () => {
    await save(squares({ factor: 1 }));
    await save(fragile());
    await save(squares({ factor: 3 }));
    const ages = agesOf(3);
    const model = await newest(ages);
    close.push(() => model.runner.close());
    expect(await ask(model, 4)).toMatchObject([{ agreement: { agree: 2, of: 3 } }]);
    expect(await ask(model, 4, -9)).toMatchObject([{ agreement: { of: 3 } }, { agreement: { agree: 2, of: 2 } }]);
    expect(await ask(model, -9, 4)).toMatchObject([
      { agreement: { of: 2 } },
      { anomalous: true, agreement: { of: 2 } },
    ]);
    expect(versionsOf(model)).toEqual(["3", "1"]);
    expect(problems).toMatchObject([{ code: "EDGE_ML_MODEL_NO_SAY", details: { name: NAME, version: "2" } }]);
    expect(problems[0]!.message).toMatch(/^Version 2 of the model "ahu" has no say any more: its score is NaN/);
    await save(squares({ factor: 5 }));
    const next = await newest(ages);
    close.push(() => next.runner.close());
    expect([versionsOf(next), problems.length]).toEqual([["4", "3", "1"], 1]);
  });

  it("when it is loaded is left out and told once", async () => {
    const broken = new OnnxGraph("broken");
    const x = broken.input("features", ["N", 4]);
    broken.output("other", broken.op("Mul", [x, x]), ["N", 4]);
    await save(squares());
    await save(broken);
    await save(squares());
    const ages = agesOf(3);
    const model = await newest(ages);
    close.push(() => model.runner.close());
    expect(versionsOf(model)).toEqual(["3", "1"]);
    expect(problems).toMatchObject([{ code: "EDGE_ML_MODEL_NO_SAY", details: { version: "2" } }]);
    await save(squares());
    const next = await newest(ages);
    close.push(() => next.runner.close());
    expect([versionsOf(next), problems.length]).toEqual([["4", "3", "1"], 1]);
  });

  it("by being deleted has no say any more", async () => {
    for (const factor of [1, 2, 3]) await save(squares({ factor }));
    const model = await newest(agesOf(3));
    await store.delete(NAME, "1");
    expect(versionsOf(model)).toEqual(["3", "2"]);
    expect(await ask(model, 4)).toMatchObject([{ score: 32, agreement: { agree: 2, of: 2 } }]);
    expect([problems, shared.size]).toEqual([[], 2]);
    await model.runner.close();
    expect(shared.size).toBe(0);
  });
});

it("the newest version that fails on a frame fails the frame", async () => {
  await save(squares());
  await save(fragile());
  const model = await newest(agesOf(2));
  const inference = new Inference({ limit: 100, policy: "oldest" });
  close.push(() => inference.close());
  inference.use(model);
  const infer = (first: number) => inference.infer({ data: Float32Array.of(first, 0, 0, 0), info: featureInfo() });
  await expect(infer(-9)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
  expect(await infer(4)).toMatchObject({ result: { agreement: { of: 2 } } });
  expect(problems).toEqual([]);
});
