import { readFileSync } from "node:fs";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import {
  encodeModel,
  type ModelInfo,
  OnnxGraph,
  readModelInfo,
  setMetadata,
} from "../../../../nodes/lib/model/onnx/index.ts";
import { goldenGraph } from "../../../golden/onnx/graph.ts";

const file = (name: string) => new URL(`../../../golden/onnx/${name}`, import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(file(name)));
const reference = JSON.parse(readFileSync(file("reference.json"), "utf8"));
const ours = read("ours.onnx");
const code = (code: string) => expect.objectContaining({ code });

/** As reference.json says it. */
function plain({ opset, otherOpsets, operators, metadata, ...info }: ModelInfo) {
  return {
    ...info,
    opsets: { "": opset, ...Object.fromEntries(otherOpsets) },
    operators: Object.fromEntries(operators),
    metadata: Object.fromEntries(metadata),
  };
}

describe("a file of our own", () => {
  it("is byte for byte the one that the onnx package's checker passed", () => {
    const header = { producerName: "golden", producerVersion: "1.2.3" };
    expect(encodeModel(goldenGraph(), { ...header, metadata: [["edge_ml.note", "20 °C, größer"]] })).toEqual(ours);
  });

  it("gives the numbers that numpy gives", async () => {
    const session = await InferenceSession.create(ours);
    const { input, outputs } = reference.run;
    const result = await session.run({ features: new Tensor("float32", input.flat(), [input.length, 3]) });
    for (const [name, expected] of Object.entries<number[]>(outputs)) {
      const got = Array.from(result[name]!.data as Float32Array, Number);
      expect(got.length).toBe(expected.length);
      got.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!), name).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected[i]!)));
      });
    }
    await session.release();
  });
});

describe("readModelInfo", () => {
  it.each(Object.keys(reference.files))("says of %s what the onnx package says", (name) => {
    expect(plain(readModelInfo(read(name)))).toEqual(reference.files[name]);
  });

  it("reads a dimension of 0 or -1 as unknown", () => {
    const g = new OnnxGraph("g");
    g.output("y", g.op("Relu", [g.input("x", [-1, 0, 3])]), ["N", 2]);
    const info = readModelInfo(encodeModel(g, { producerName: "", producerVersion: "" }));
    expect(info.inputs[0]!.shape).toEqual([null, null, 3]);
    expect(info.outputs[0]!.shape).toEqual([null, 2]);
  });

  const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(value >> 7)]);
  const message = (field: number, bytes: number[] = []) => [[field * 8 + 2], varint(bytes.length), bytes].flat();
  const many = <T>(count: number, item: T[]) => Array.from({ length: count }, () => item).flat();
  const hostile: [string, number[]][] = [
    ["nothing", []],
    ["text", [...Buffer.from("this is no model")]],
    ["JSON", [...Buffer.from('{"a":1}')]],
    ["zeros", many(100, [0])],
    ["0xff", many(100, [0xff])],
    ["a field number of 0", [0x02, 0x00]],
    ["a group", [0x3b, 0x3c]],
    ["a length of 2^63", [0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ["a length of 4 GiB", [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ["a number without an end", [0x08, ...many(20, [0x80])]],
    ["no graph", [0x08, 0x08]],
    ["a graph that is a number", [0x08, 0x08, 0x38, 0x01]],
    ["an IR version that is a text", message(1, [0x41])],
    ["a graph without outputs", [0x08, 0x08, ...message(7, message(2, [0x41]))]],
    ["a fixed32 that is cut off", [0x08, 0x08, 0x0d, 0x00]],
    ["a fixed64 that is cut off", [0x08, 0x08, 0x09, 0x00, 0x00]],
    ["a hundred thousand outputs", [[0x08, 0x08], message(7, many(100_000, message(12)))].flat()],
    [
      "ten thousand dimensions",
      [[0x08, 0x08], message(7, message(12, message(2, message(1, message(2, many(10_000, message(1)))))))].flat(),
    ],
    [
      "ten thousand domains",
      [[0x08, 0x08], ...many(10_000, [0]).map((_, i) => message(8, message(1, [...Buffer.from(`d${i}`)])))].flat(),
    ],
  ];
  it.each(hostile)("refuses %s", (_, bytes) => {
    expect(() => readModelInfo(Uint8Array.from(bytes), "m")).toThrow(code("EDGE_ML_MODEL_INVALID"));
  });

  it("keeps what is called __proto__ apart", () => {
    const info = readModelInfo(setMetadata(ours, "__proto__", "x"));
    expect(info.metadata.get("__proto__")).toBe("x");
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it("ends on every file that is cut off or damaged, with an answer or a coded error", () => {
    let refused = 0;
    const tryOut = (bytes: Uint8Array) => {
      try {
        readModelInfo(bytes);
      } catch (error) {
        expect(error).toEqual(code("EDGE_ML_MODEL_INVALID"));
        refused++;
      }
    };
    for (let length = 0; length < ours.length; length++) tryOut(ours.subarray(0, length));
    // Only a cut between two fields of the outermost message leaves a file that still says something.
    expect(refused).toBeGreaterThan(ours.length - 5);
    let state = 42;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    for (let round = 0; round < 5000; round++) {
      const bytes = ours.slice();
      for (let i = 0; i <= random(4); i++) bytes[random(bytes.length)] = random(256);
      tryOut(bytes);
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

describe("setMetadata", () => {
  it("adds, replaces and removes an entry, and leaves the rest as it is", () => {
    const metadata = (bytes: Uint8Array) => Object.fromEntries(readModelInfo(bytes).metadata);
    const theirs = read("theirs-old.onnx");
    const before = { author: "someone", "edge_ml.other": "kept" };
    const added = setMetadata(theirs, "edge_ml.manifest", "1");
    expect(metadata(added)).toEqual({ ...before, "edge_ml.manifest": "1" });
    const replaced = setMetadata(added, "edge_ml.manifest", "2 °C");
    expect(metadata(replaced)).toEqual({ ...before, "edge_ml.manifest": "2 °C" });
    expect(setMetadata(replaced, "edge_ml.manifest", undefined)).toEqual(theirs);
    expect(setMetadata(theirs, "edge_ml.manifest", undefined)).toEqual(theirs);
  });

  it("gives a file that still runs", async () => {
    const session = await InferenceSession.create(setMetadata(ours, "edge_ml.manifest", "x".repeat(100_000)));
    expect(session.outputNames).toContain("score");
    await session.release();
  });

  it("refuses bytes that are no model", () => {
    expect(() => setMetadata(Uint8Array.of(0x3a, 0x7f), "a", "b", "m")).toThrow(code("EDGE_ML_MODEL_INVALID"));
  });
});
