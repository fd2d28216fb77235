import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeModel, type ModelDescription, OnnxGraph } from "../../../../nodes/lib/model/index.ts";
import { encodeModel } from "../../../../nodes/lib/model/onnx/encode.ts";
import { Graph, Model, Node, OperatorSet } from "../../../../nodes/lib/model/onnx/fields.ts";
import { protobufFields } from "../../../../nodes/lib/model/onnx/protobuf-reader.ts";
import { ProtobufWriter } from "../../../../nodes/lib/model/onnx/protobuf-writer.ts";
import { anomalyBundle, anomalyManifest } from "../../../support/models.ts";
import { ROOT } from "../../../support/runtime.ts";
import { CUSTOM, type TfliteSpec, tflite } from "../../../support/tflite.ts";

const golden = (file: string) => new Uint8Array(readFileSync(join(ROOT, "test/golden", file)));

function plainModel(): Uint8Array {
  const g = new OnnxGraph("g");
  g.output("y", g.op("Relu", [g.input("x", ["N", 2])]), ["N", 2]);
  return encodeModel(g, { producerName: "p", producerVersion: "1" });
}

/** The model with other fields instead of those of this number. */
function replaced(number: number, change: (writer: ProtobufWriter) => ProtobufWriter): Uint8Array {
  const bytes = plainModel();
  const writer = new ProtobufWriter();
  for (const field of protobufFields(bytes)) {
    if (field.number !== number) writer.raw(bytes.subarray(field.start, field.end));
  }
  return change(writer).finish();
}

const opset = (domain: string, version: number) =>
  new ProtobufWriter().string(OperatorSet.domain, domain).int(OperatorSet.version, version);

/** A Relu of a domain of its own, instead of the standard one; the file may bring the function along. */
function strangeDomain(withFunction: boolean): Uint8Array {
  const plain = [...protobufFields(plainModel())].find(({ number }) => number === Model.graph)!.bytes;
  const port = (wanted: number) => {
    const { start, end } = [...protobufFields(plain)].find(({ number }) => number === wanted)!;
    return plain.subarray(start, end);
  };
  const node = new ProtobufWriter()
    .string(Node.input, "x")
    .string(Node.output, "y")
    .string(Node.opType, "Mystery")
    .string(Node.domain, "my.company");
  const graph = new ProtobufWriter().message(Graph.node, node).raw(port(Graph.input)).raw(port(Graph.output));
  return replaced(Model.graph, (writer) => {
    writer.message(Model.graph, graph);
    return withFunction ? writer.message(Model.functions, new ProtobufWriter().string(10, "my.company")) : writer;
  });
}

const UNKNOWN_OPERATOR: TfliteSpec = {
  tensors: [
    { name: "in", shape: [1, 2] },
    { name: "out", shape: [1, 2] },
  ],
  operators: [{ code: CUSTOM, custom: "Mystery", inputs: [0], outputs: [1] }],
  inputs: [0],
  outputs: [1],
};

describe("a good file is described", () => {
  const files: [string, Uint8Array, Partial<ModelDescription>][] = [
    [
      "one of our own",
      anomalyBundle({
        input: {
          ...anomalyManifest().input,
          recipe: {
            version: 1,
            window: {
              by: "samples",
              size: 60,
              hop: 30,
              channels: ["supply_air_temperature", "cooling_valve"],
              rate: 0.5,
              gap: { policy: "mark", limit: 0 },
            },
            features: [{ block: "flatten", version: 1, options: {} }],
          },
        },
      }),
      {
        format: "ONNX",
        producer: "test 1.0.0",
        irVersion: 8,
        opsets: [{ domain: "ai.onnx", version: 17 }],
        inputs: [{ name: "features", type: "float32", shape: [null, 2] }],
        outputs: [
          { name: "score", type: "float32", shape: [null] },
          { name: "contributions", type: "float32", shape: [null, 2] },
        ],
        operators: [
          { type: "Div", count: 1 },
          { type: "Mul", count: 1 },
          { type: "ReduceSum", count: 1 },
          { type: "Sub", count: 1 },
        ],
        task: "anomaly",
        recipe: "windows of 60 samples of supply_air_temperature, cooling_valve at 0.5 Hz; features: flatten",
        training: {
          method: "distance",
          frames: 800,
          start: 1_700_000_000_000,
          end: 1_700_086_400_000,
          created: "2026-11-20T10:00:00.000Z",
          threshold: 9,
          falseAlarmsPerDay: 0.1,
          warnings: [],
        },
      },
    ],
    [
      "a classifier of scikit-learn: its ZipMap's names, and probabilities as a tensor",
      golden("infer/trained/zipmap-text.onnx"),
      { task: "class", classes: 3, outputs: expect.arrayContaining([expect.objectContaining({ type: "float32" })]) },
    ],
    ["a network of Keras", golden("infer/networks/keras-window.onnx"), { format: "ONNX" }],
    [
      "a quantised network of TensorFlow Lite: real numbers in and out",
      golden("tflite/magic-wand-int8.tflite"),
      {
        format: "TensorFlow Lite",
        inputs: [expect.objectContaining({ type: "float32" })],
        operators: expect.arrayContaining([{ type: "CONV_2D", count: expect.any(Number) }]),
      },
    ],
    ["operators that the file brings along", strangeDomain(true), { format: "ONNX" }],
  ];

  it.each(files)("%s", async (_, bytes, expected) => {
    const description = await describeModel(bytes, "m");
    expect(description).toMatchObject({ ...expected, size: bytes.length, problems: [] });
    expect(description.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(description.inputs.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });
});

describe("what is wrong is said", () => {
  const text = (text: string) => new TextEncoder().encode(text);
  const good = golden("infer/trained/pipeline.onnx");
  const wand = golden("tflite/magic-wand-int8.tflite");
  const newIr = replaced(Model.irVersion, (writer) => writer.int(Model.irVersion, 14));
  const newOpset = replaced(Model.opsetImport, (writer) => writer.message(Model.opsetImport, opset("", 27)));
  const wrong: [string, Uint8Array, RegExp, string?][] = [
    ["an empty file", new Uint8Array(), /an empty file/],
    ["noise", new Uint8Array(1000).map((_, i) => (i * 7919) >> 3), /not an ONNX file/],
    ["a zip archive", text("PK\x03\x04..."), /zip archive, as PyTorch/],
    ["a pickle", new Uint8Array([0x80, 4, 0x95, 1, 2, 3]), /Python pickle.*skl2onnx/],
    ["HDF5", new Uint8Array([0x89, 0x48, 0x44, 0x46, 13, 10]), /HDF5/],
    ["a web page", text("<!DOCTYPE html><html>"), /web page/],
    ["a pointer of Git LFS", text("version https://git-lfs.github.com/spec/v1\noid"), /git lfs pull/],
    ["a truncated ONNX file", good.subarray(0, good.length - 100), /damaged/],
    ["a truncated .tflite file", wand.subarray(0, wand.length >> 1), /not a TensorFlow Lite file, or a damaged one/],
    ["an IR version that is too new", newIr, /IR version 14, and 13 is the newest/],
    ["an opset that is too new", newOpset, /opset 27, and 26 is the newest/],
    ["external data", golden("onnx/theirs-external.onnx"), /second file.*export it as one file/],
    ["an operator of nobody", strangeDomain(false), /does not have its operators my\.company\.Mystery/],
    ["an operator of TensorFlow Lite", tflite(UNKNOWN_OPERATOR), /custom Mystery/, "EDGE_ML_MODEL_OPERATORS"],
  ];

  it.each(wrong)("%s", async (_, bytes, message, code = "EDGE_ML_MODEL_INVALID") => {
    const { problems, size } = await describeModel(bytes, "m");
    expect(size).toBe(bytes.length);
    expect(problems).toEqual([{ code, message: expect.stringMatching(message) }]);
  });

  it("and what the file is all the same, where it can be read", async () => {
    expect(await describeModel(tflite(UNKNOWN_OPERATOR))).toMatchObject({
      format: "TensorFlow Lite",
      inputs: [{ name: "in", type: "float32", shape: [1, 2] }],
      operators: [{ type: "custom Mystery", count: 1 }],
    });
    expect(await describeModel(newOpset)).toMatchObject({ format: "ONNX", inputs: [{ name: "x" }] });
  });

  it("for any damage, with an answer of bounded length", async () => {
    for (const file of [good, wand]) {
      for (let i = 0; i < 300; i++) {
        const bytes = file.slice();
        for (let k = 0; k < 4; k++) bytes[(i * 7919 + k * 104_729) % bytes.length]! ^= 1 << ((i + k) % 8);
        expect(JSON.stringify(await describeModel(bytes)).length).toBeLessThan(40_000);
      }
    }
  });
});

it("stays short, however long the names and many the classes", async () => {
  const g = new OnnxGraph("g");
  let x = g.input("x".repeat(10_000), ["N", 2]);
  for (let i = 0; i < 30; i++) x = g.op("Relu", [x]);
  for (let i = 0; i < 80; i++) g.output(`y${i}${"y".repeat(1000)}`, g.op("Neg", [x]), ["N", 2]);
  const description = await describeModel(encodeModel(g, { producerName: "p".repeat(9999), producerVersion: "" }));
  expect(description.outputs.length).toBe(50);
  expect(JSON.stringify(description).length).toBeLessThan(40_000);
});
