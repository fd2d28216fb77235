import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Frame, FrameInfo } from "../../../nodes/lib/frame/index.ts";
import { Embedding } from "../../../nodes/lib/infer/embedding.ts";
import {
  backgroundFrames,
  Inference,
  type LoadedModel,
  loadModel,
  type ModelFile,
} from "../../../nodes/lib/infer/index.ts";
import { networkHash, readBackground, writeBundle } from "../../../nodes/lib/model/index.ts";
import { recipeDifference } from "../../../nodes/lib/recipe/index.ts";
import { featureInfo, modelFile, RECIPE, softmax, TS_WORKER } from "../../support/infer-models.ts";
import { background, DIMENSIONS, keywordBytes, keywordFile, keywordManifest } from "../../support/keyword-model.ts";

const load = (file: ModelFile) => loadModel(file, { worker: TS_WORKER, embedding: true });

let inference: Inference;
let model: LoadedModel;
beforeAll(async () => {
  inference = new Inference({ limit: 100, policy: "refuse" });
  model = await load(keywordFile());
  inference.use(model);
});
afterAll(() => inference.close());

const frame = (values: number[], info: Partial<FrameInfo> = {}): Frame => ({
  data: Float32Array.from(values),
  info: featureInfo(info),
});

describe("an embedding that goes on", () => {
  it("is a frame of the same place, time, label and quality, whose recipe names the network", async () => {
    const info = { stream: "s", seq: 3, start: 10, end: 20, position: 40, label: "hello", rate: 100 };
    const { result, embedding } = (await inference.infer(frame([1, 2, 3, 4], info)))!;
    expect(result).toMatchObject({ kind: "class", scores: [{}, {}, {}] });
    const { data, info: own } = embedding!;
    expect(data).toBeInstanceOf(Float32Array);
    expect(data).toHaveLength(DIMENSIONS);
    const { rate: _, ...kept } = info;
    expect(own).toMatchObject({
      ...kept,
      kind: "features",
      shape: [DIMENSIONS],
      names: ["e0", "e1", "e2", "e3", "e4"],
    });
    expect(own).not.toHaveProperty("rate");
    expect(own.recipe).toEqual({
      ...RECIPE,
      embedding: { model: "keywords", sha256: networkHash(keywordFile().bytes), output: "embedding" },
    });
  });

  it("is that of its own row, also when frames go through the network together", async () => {
    expect(model.maxBatch).toBeGreaterThan(1);
    const values = Array.from({ length: 20 }, (_, i) => [i / 10, 1, -i / 20, 0.5]);
    const together = await Promise.all(values.map((each) => inference.infer(frame(each))));
    for (const [i, outcome] of together.entries()) {
      const alone = await inference.infer(frame(values[i]!));
      expect([...outcome!.embedding!.data]).toEqual([...alone!.embedding!.data].map((x) => expect.closeTo(x, 5)));
    }
  });

  it("has no numbers where the frame is bad, and says why", async () => {
    const quality = { ok: false, reasons: ["gap"], missing: 1, filled: 0 };
    const { result, embedding } = (await inference.infer(frame([1, 2, 3, 4], { quality })))!;
    expect(result).toMatchObject({ score: null });
    expect(embedding!.info.quality).toEqual(quality);
    expect([...embedding!.data]).toEqual(Array(DIMENSIONS).fill(Number.NaN));
  });

  it("is asked for in vain of a model that has none", async () => {
    const own = keywordManifest("1", { outputs: { probabilities: "probabilities" } });
    const without = modelFile(writeBundle(softmax(), own), "1", own);
    await expect(load(without)).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
      message: expect.stringContaining("names no embedding"),
    });
    const wrong = keywordManifest("1", { outputs: { probabilities: "probabilities", embedding: "layer" } });
    await expect(load(keywordFile(wrong))).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
    await expect(load(modelFile(keywordBytes(own)))).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
  });

  it("is of the same recipe for the same network in another version, and of another for another network", () => {
    const recipeOf = (file: ModelFile) => new Embedding(file, "keywords").recipe;
    const first = recipeOf(keywordFile());
    expect(recipeOf(keywordFile(keywordManifest("7"), JSON.stringify(background())))).toEqual(first);
    const other = recipeOf(keywordFile(keywordManifest(), undefined, 2));
    const recipe = (embedding: typeof first) => ({ ...RECIPE, embedding });
    expect(recipeDifference(recipe(other), recipe(first))).toMatchObject({ field: "embedding.sha256" });
  });
});

describe("backgroundFrames", () => {
  it("gives each row the label, one after the other in time, in streams of some rows each", () => {
    const file = keywordFile(keywordManifest(), JSON.stringify(background(100)));
    const embedding = new Embedding(file, "keywords");
    const found = readBackground(file.bytes);
    const frames = [...backgroundFrames(found, embedding, RECIPE, 1_000_000)];
    expect(frames).toHaveLength(100);
    frames.forEach(({ data, info }, row) => {
      expect(data).toEqual(found.data.slice(row * DIMENSIONS, (row + 1) * DIMENSIONS));
      expect(info).toMatchObject({ label: "none", quality: { ok: true }, shape: [DIMENSIONS] });
      if (row > 0) expect(info.start).toBeGreaterThan(frames[row - 1]!.info.end);
    });
    expect(new Set(frames.map(({ info }) => info.stream)).size).toBe(3);
    expect(frames.at(-1)!.info.end).toBe(1_000_000);
    expect(frames[0]!.info.recipe).toEqual({ ...RECIPE, embedding: embedding.recipe });
  });

  it("is refused when its rows are of another length than the embedding", () => {
    const file = keywordFile(keywordManifest(), JSON.stringify(background(3, 4)));
    const embedding = new Embedding(file, "keywords");
    expect(() => [...backgroundFrames(readBackground(file.bytes), embedding, RECIPE, 0)]).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_BACKGROUND" }),
    );
  });
});
