/** Networks as PyTorch and Keras export them, against those libraries: see test/golden/infer/make_networks.py, make_keras.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClassResult } from "../../../nodes/lib/frame/index.ts";
import type { LoadOptions } from "../../../nodes/lib/infer/index.ts";
import { encodeModel, OnnxGraph } from "../../../nodes/lib/model/index.ts";
import { runModel } from "../../support/run-model.ts";
import { ROOT } from "../../support/runtime.ts";

const FOLDER = join(ROOT, "test/golden/infer/networks");
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(FOLDER, `${name}.onnx`)));
const json = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
const torch = json("torch");
const keras = json("keras");

const LABELS = ["idle", "spin", "shake"];
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 5));
const scoresOf = (results: unknown[]) =>
  (results as ClassResult[]).map(({ scores }) => scores.map(({ score }) => score));

describe("a network of PyTorch", () => {
  it.each([
    ["channels", "the old exporter"],
    ["channels-new", "the new exporter"],
    ["channels-fixed", "a batch of one"],
    ["channels-eight", "a batch of eight"],
  ])("torch-%s (%s) takes windows as channels × samples, and its logits become probabilities", async (name) => {
    const results = await runModel({ model: bytesOf(`torch-${name}`), labels: LABELS }, torch.windows);
    expect(scoresOf(results)).toEqual(torch.channels.map(close));
  });

  it("takes a picture with a channel of one before it", async () => {
    const results = await runModel({ model: bytesOf("torch-picture"), labels: LABELS }, torch.pictures);
    expect(scoresOf(results)).toEqual(torch.picture.map(close));
  });

  it("refuses a window of another shape, even one with as many numbers", async () => {
    const model = bytesOf("torch-channels");
    await expect(runModel({ model, labels: LABELS }, [torch.windows[0].slice(1)])).rejects.toThrow(
      /msg.frame.shape is 19 × 3, but the model needs any × 3 × 20/,
    );
    const flat = torch.windows[0].flat();
    const other = Array.from({ length: 12 }, (_, i) => flat.slice(5 * i, 5 * i + 5));
    await expect(runModel({ model, labels: LABELS }, [other])).rejects.toThrow(/msg.frame.shape is 12 × 5/);
  });

  it("gives logits as they are when the node wants no softmax", async () => {
    const options = { model: bytesOf("torch-channels"), labels: LABELS };
    const [raw] = scoresOf(await runModel({ ...options, softmax: "off" }, torch.windows));
    const [soft] = scoresOf(await runModel(options, torch.windows));
    const sum = raw!.reduce((all, logit) => all + Math.exp(logit), 0);
    expect(soft).toEqual(close(raw!.map((logit) => Math.exp(logit) / sum)));
    expect(raw!.some((logit) => logit < 0 || logit > 1) || Math.abs(raw!.reduce((a, b) => a + b) - 1) > 0.01).toBe(
      true,
    );
  });
});

it("turns a window that fits both ways only when the node says so", async () => {
  const g = new OnnxGraph("square");
  g.output("y", g.op("Identity", [g.input("x", ["N", 2, 2])]), ["N", 2, 2]);
  const model = encodeModel(g, { producerName: "", producerVersion: "" });
  const data = async (order: "rows" | "columns") => {
    const [result] = await runModel({ model, order }, [
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    return result?.kind === "tensors" ? result.tensors[0]!.data : undefined;
  };
  expect(await data("rows")).toEqual([1, 2, 3, 4]);
  expect(await data("columns")).toEqual([1, 3, 2, 4]);
});

describe("a network of two inputs and two outputs", () => {
  const model = bytesOf("torch-two");
  const run = (message: object, options: LoadOptions = {}) => runModel({ model, ...options }, [torch.rows[0]], message);

  it("takes the frame as its first input, and the other from the message", async () => {
    const tensors = [
      { name: "logits", shape: [1, 3], data: close(torch.two.logits[0]) },
      { name: "sum", shape: [1], data: close([torch.two.sum[0]]) },
    ];
    for (const message of [
      { inputs: { weather: torch.weather[0] } },
      { weather: torch.weather[0] },
      { weather: Float32Array.from(torch.weather[0]) },
    ]) {
      expect(await run(message)).toEqual([{ kind: "tensors", tensors }]);
    }
  });

  it("gives the output that is chosen", async () => {
    const message = { inputs: { weather: torch.weather[0] } };
    expect(await run(message, { task: "value", output: "sum" })).toEqual([
      { kind: "value", values: [{ name: "sum", value: expect.closeTo(torch.two.sum[0], 5) }] },
    ]);
    const [result] = await run(message, { task: "class", labels: LABELS });
    const exp = torch.two.logits[0].map(Math.exp);
    const sum = exp.reduce((a: number, b: number) => a + b);
    expect(scoresOf([result])).toEqual([close(exp.map((value: number) => value / sum))]);
  });

  it.each([
    ["nothing", {}, /msg\.inputs\.weather is missing/],
    [
      "too few numbers",
      { inputs: { weather: [1] } },
      /msg\.inputs\.weather is 1 numbers, .* any × 2 numbers \(float32\)/,
    ],
    ["a text", { inputs: { weather: "warm" } }, /msg\.inputs\.weather is 1 texts/],
    ["NaN", { inputs: { weather: [1, Number.NaN] } }, /msg\.inputs\.weather is NaN/],
    ["an object", { inputs: { weather: { warm: 1 } } }, /msg\.inputs\.weather is an object/],
    ["a hole", { inputs: { weather: [1, undefined] } }, /msg\.inputs\.weather is missing/],
    ["another input", { inputs: { wind: [1, 2] } }, /msg\.inputs\.weather is missing/],
    ["too much", { inputs: { weather: { length: 1e9 } } }, /msg\.inputs\.weather/],
    [
      "what cannot be read",
      {
        inputs: {
          get weather() {
            throw new Error("no");
          },
        },
      },
      /msg\.inputs\.weather/,
    ],
  ])("refuses %s with a coded error that names the property", async (_, message, reason) => {
    const error = await run(message).catch((error) => error);
    expect(error.code).toBe("EDGE_ML_PAYLOAD");
    expect(error.message).toMatch(reason);
  });
});

describe("a network of Keras", () => {
  it.each(["picture", "picture-fixed"])("keras-%s takes pictures as frames × bins × 1", async (name) => {
    const results = await runModel({ model: bytesOf(`keras-${name}`), labels: LABELS }, keras.pictures);
    expect(scoresOf(results)).toEqual(keras.picture.map(close));
  });

  it("takes windows as they are; a dense layer without an activation gives logits", async () => {
    const results = await runModel({ model: bytesOf("keras-window"), labels: LABELS }, keras.windows);
    expect(scoresOf(results)).toEqual(keras.window.map(close));
  });

  it("takes one sigmoid as the second of two classes", async () => {
    const results = await runModel({ model: bytesOf("keras-sigmoid"), labels: ["good", "bad"] }, keras.rows);
    expect(scoresOf(results)).toEqual(keras.sigmoid.map((bad: number) => close([1 - bad, bad])));
  });
});
