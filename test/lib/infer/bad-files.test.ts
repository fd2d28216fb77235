import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClassResult } from "../../../nodes/lib/frame/index.ts";
import { encodeModel, OnnxGraph } from "../../../nodes/lib/model/index.ts";
import {
  Graph,
  Model,
  Node,
  OperatorSet,
  StringEntry,
  Tensor,
  TensorType,
  Type,
  ValueInfo,
} from "../../../nodes/lib/model/onnx/fields.ts";
import { protobufFields } from "../../../nodes/lib/model/onnx/protobuf-reader.ts";
import { ProtobufWriter } from "../../../nodes/lib/model/onnx/protobuf-writer.ts";
import { modelFile } from "../../support/infer-models.ts";
import { runModel } from "../../support/run-model.ts";
import { ROOT } from "../../support/runtime.ts";

const NETWORKS = join(ROOT, "test/golden/infer/networks");
const header = { producerName: "", producerVersion: "" };

/** [N, 4] in, itself out; with fields of the model, or of its graph, after its own. */
function relu(more: { model?: ProtobufWriter; graph?: ProtobufWriter } = {}): Uint8Array {
  const g = new OnnxGraph("relu");
  g.output("y", g.op("Relu", [g.input("x", ["N", 4])]), ["N", 4]);
  const bytes = encodeModel(g, header);
  const writer = new ProtobufWriter();
  for (const field of protobufFields(bytes)) {
    const graph = field.number === Model.graph && more.graph;
    if (graph) writer.message(Model.graph, new ProtobufWriter().raw(field.bytes).raw(graph.finish()));
    else writer.raw(bytes.subarray(field.start, field.end));
  }
  return writer.raw((more.model ?? new ProtobufWriter()).finish()).finish();
}

/** A constant of a shape that is an output, too, with so many bytes of numbers, or with those numbers elsewhere. */
function weights(dims: (number | bigint)[], bytes: number, external?: Record<string, string>): ProtobufWriter {
  const tensor = new ProtobufWriter();
  for (const size of dims) tensor.int(Tensor.dims, size);
  tensor.int(Tensor.dataType, 1).string(Tensor.name, "w");
  if (!external) tensor.bytes(Tensor.rawData, new Uint8Array(bytes));
  for (const [key, value] of Object.entries(external ?? {})) {
    const entry = new ProtobufWriter().string(StringEntry.key, key).string(StringEntry.value, value);
    tensor.message(Tensor.externalData, entry);
  }
  if (external) tensor.int(Tensor.dataLocation, 1);
  // An output of its own: what nobody uses is not looked at.
  const node = new ProtobufWriter().string(Node.input, "w").string(Node.output, "z").string(Node.opType, "Identity");
  const float = new ProtobufWriter().message(Type.tensor, new ProtobufWriter().int(TensorType.elemType, 1));
  const output = new ProtobufWriter().string(ValueInfo.name, "z").message(ValueInfo.type, float);
  return new ProtobufWriter()
    .message(Graph.initializer, tensor)
    .message(Graph.node, node)
    .message(Graph.output, output);
}

const rows = [[1, 2, 3, 4]];
const opset = (domain: string) => new ProtobufWriter().string(OperatorSet.domain, domain).int(OperatorSet.version, 99);

describe("a model file that cannot be used", () => {
  const whole = relu();
  const large = new OnnxGraph("large");
  large.output("y", large.op("Relu", [large.input("x", ["N", 2 ** 40])]), ["N", 2 ** 40]);
  const huge = new OnnxGraph("huge");
  const made = huge.op("ConstantOfShape", [huge.ints([2 ** 40])]);
  huge.output("y", huge.op("Add", [huge.input("x", ["N", 4]), huge.op("ReduceSum", [made], { keepdims: 0 })]), [
    "N",
    4,
  ]);
  const sequence = new OnnxGraph("sequence");
  sequence.output("y", sequence.op("SplitToSequence", [sequence.input("x", ["N", 4])], { axis: 1 }), ["N", 4]);

  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /not an ONNX file/],
    ["a text", Buffer.from("this is no model"), /not an ONNX file/],
    ["a zip file", Buffer.from("PK\x03\x04\x14\x00\x00\x00\x08\x00"), /not an ONNX file/],
    ["half of a file", whole.slice(0, whole.length / 2), /not an ONNX file/],
    [
      "an IR version that is too new",
      relu({ model: new ProtobufWriter().int(Model.irVersion, 99) }),
      /IR version 99, and this ONNX Runtime reads up to \d+; export/,
    ],
    [
      "an opset that is too new",
      relu({ model: new ProtobufWriter().message(Model.opsetImport, opset("ai.onnx.ml")) }),
      /opset 99 of ai\.onnx\.ml, .* up to \d+; export it with opset \d+ or lower/,
    ],
    [
      "weights of 8 TB that are not there",
      relu({ graph: weights([2 ** 41], 8) }),
      /cannot load it \(Initializer 'w' declares/,
    ],
    ["weights of a negative size", relu({ graph: weights([-2], 8) }), /cannot load it/],
    ["weights of an overflowing size", relu({ graph: weights([2 ** 33, 2 ** 33], 8) }), /cannot load it/],
    ["fewer weights than their shape says", relu({ graph: weights([4], 8) }), /cannot load it/],
    ["an input of a terabyte", encodeModel(large, header), /a frame for it is 1099511627776 numbers/],
    ["4 TB in its middle", encodeModel(huge, header), /asked for 4\.10e\+3 GB of memory at once/],
    ["an output that is no tensor, whatever it says", encodeModel(sequence, header), /cannot load it/],
  ])("is refused: %s", async (_, bytes, reason) => {
    const error = await runModel({ model: bytes }, rows).catch((error) => error);
    expect(error.code).toBe("EDGE_ML_MODEL_INVALID");
    expect(error.message).toMatch(reason);
    expect(error.message).not.toMatch(/onnxruntime_src|\.cc:/);
  });
});

it("gives no result of a frame for which the model has no number", async () => {
  const g = new OnnxGraph("logarithm");
  g.output("logits", g.op("Log", [g.input("x", ["N", 2])]), ["N", 2]);
  const model = encodeModel(g, header);
  for (const options of [{ labels: ["a", "b"] }, { task: "value" }, { task: "tensors" }] as const) {
    // Minus infinity for zeros, on which it is tried, does not speak against it.
    await expect(runModel({ model, ...options }, [[1, 2]])).resolves.toHaveLength(1);
    await expect(runModel({ model, ...options }, [[1, -1]])).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
  }
});

describe("weights in a second file", () => {
  const torch = JSON.parse(readFileSync(join(NETWORKS, "torch.json"), "utf8"));
  const bytes = new Uint8Array(readFileSync(join(NETWORKS, "torch-external.onnx")));
  const data = readFileSync(join(NETWORKS, "torch-external.onnx.data"));
  const labels = ["idle", "spin", "shake"];
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "edge-ml-weights-"));
    mkdirSync(join(folder, "model"));
    path = join(folder, "model", "1.onnx");
    writeFileSync(join(folder, "secret"), data);
    writeFileSync(join(folder, "model", "short"), data.subarray(0, 100));
    symlinkSync(join(folder, "secret"), join(folder, "model", "link"));
    mkdirSync(join(folder, "model", "folder"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are taken from beside the model, as PyTorch wrote them", async () => {
    const model = { ...modelFile(bytes), path: join(NETWORKS, "torch-external.onnx") };
    const results = (await runModel({ model, labels }, torch.rows)) as ClassResult[];
    expect(results.map(({ scores }) => scores.map(({ score }) => score))).toEqual(
      torch.external.map((row: number[]) => row.map((value) => expect.closeTo(value, 5))),
    );
  });

  it("are asked for when the model came alone", async () => {
    await expect(runModel({ model: bytes, labels }, torch.rows)).rejects.toThrow(/export it as one file/);
    const model = { ...modelFile(bytes), path };
    await expect(runModel({ model, labels }, torch.rows)).rejects.toThrow(
      /"torch-external\.onnx\.data", is missing; put it beside the model/,
    );
  });

  it.each<[string, Record<string, string>, RegExp, (number | bigint)[]?]>([
    ["above the folder", { location: "../secret" }, /outside of the model's own folder/],
    ["above it by a detour", { location: "folder/../../secret" }, /outside of/],
    ["above it in Windows' way", { location: "..\\secret" }, /outside of/],
    ["an absolute path", { location: "/etc/hostname" }, /outside of/],
    ["an absolute path of Windows", { location: "C:\\secret" }, /outside of/],
    ["a link that leads out", { location: "link" }, /outside of/],
    ["the folder itself", { location: "." }, /outside of/],
    ["no name", { length: "16" }, /outside of/],
    ["no name of a file", { location: "a\0b" }, /outside of/],
    ["a folder", { location: "folder" }, /cannot be read/],
    ["nothing that is there", { location: "nothing" }, /is missing/],
    ["a file that is too short", { location: "short", offset: "96" }, /needs 112 bytes of short, which has 100/],
    ["an offset below zero", { location: "short", offset: "-4" }, /impossible size/],
    ["an offset that is no number", { location: "short", offset: "many" }, /impossible size/],
    ["more than 2 GB", { location: "short" }, /larger than 2 GB/, [2 ** 30]],
    ["an overflowing size", { location: "short" }, /impossible size/, [2 ** 40, 2 ** 40]],
    ["a negative size", { location: "short" }, /impossible size/, [-4]],
  ])("are refused in %s", async (_, external, reason, dims = [4]) => {
    const model = { ...modelFile(relu({ graph: weights(dims, 0, external) })), path };
    const error = await runModel({ model }, rows).catch((error) => error);
    expect(error.code).toBe("EDGE_ML_MODEL_INVALID");
    expect(error.message).toMatch(reason);
  });
});
