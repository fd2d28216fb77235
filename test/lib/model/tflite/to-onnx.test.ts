/** Real .tflite files against TensorFlow Lite's own answers: see test/golden/tflite/make_models.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type InferenceSession, InferenceSession as Session, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { readModelInfo } from "../../../../nodes/lib/model/index.ts";
import { type Integers, tfliteToOnnx } from "../../../../nodes/lib/model/tflite/index.ts";
import { ROOT } from "../../../support/runtime.ts";

interface Port {
  type: "float32" | "int8" | "uint8";
  shape: number[];
  scale?: number;
  zeroPoint?: number;
}

interface Reference {
  input: Port;
  output: Port;
  /** What TensorFlow Lite answers to each input, by its kernels. */
  default: number[][];
  builtin?: number[][];
  reference?: number[][];
  exact?: number[][];
}

const GOLDEN = join(ROOT, "test/golden/tflite");
const references: Record<string, Reference> = JSON.parse(readFileSync(join(GOLDEN, "reference.json"), "utf8"));

/** `bytes_of` of make_models.py. */
function bytesOf(count: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 16) & 255;
  });
}

const real = ({ scale = 1, zeroPoint = 0 }: Port) => {
  const factor = Math.fround(scale);
  return (stored: number) => factor * (stored - zeroPoint);
};

/** The inputs as real numbers, which is what a converted model takes. */
function inputsOf({ input }: Reference, seed: number): Float32Array {
  const bytes = bytesOf(size(input.shape), seed);
  if (input.type === "float32") return Float32Array.from(bytes, (byte) => (byte - 128) / 64);
  return Float32Array.from(bytes, (byte) => real(input)(input.type === "int8" ? byte - 128 : byte));
}

const size = (shape: readonly number[]) => shape.reduce((product, each) => product * each, 1);

/** The outputs for all inputs, in the numbers of TensorFlow Lite's file. */
async function answers(file: string, integers: Integers = "uint8", batch = 1): Promise<number[][]> {
  const reference = references[file]!;
  const bytes = tfliteToOnnx(readFileSync(join(GOLDEN, file)), { name: file, integers });
  const session: InferenceSession = await Session.create(bytes, { intraOpNumThreads: 1 });
  try {
    const rows: number[][] = [];
    for (let first = 0; first < reference.default.length; first += batch) {
      const each = size(reference.input.shape);
      const data = new Float32Array(batch * each);
      for (let i = 0; i < batch; i++) data.set(inputsOf(reference, first + i + 1), i * each);
      const tensor = new Tensor("float32", data, [batch, ...reference.input.shape.slice(1)]);
      const outputs = await session.run({ [session.inputNames[0]!]: tensor });
      const numbers = [...(outputs[session.outputNames[0]!]!.data as Float32Array)];
      const length = numbers.length / batch;
      for (let i = 0; i < batch; i++) rows.push(numbers.slice(i * length, (i + 1) * length));
    }
    return rows.map((row) => row.map((value) => stored(value, reference.output)));
  } finally {
    await session.release();
  }
}

/** A whole number, where the file has whole numbers: real ones are those times the scale, rounded to float32. */
function stored(value: number, { type, scale = 1, zeroPoint = 0 }: Port): number {
  if (type === "float32") return value;
  const exact = value / Math.fround(scale) + zeroPoint;
  expect(Math.abs(exact - Math.round(exact))).toBeLessThan(1e-4);
  return Math.round(exact);
}

function furthest(a: readonly number[][], b: readonly number[][]): number {
  expect(a.map((row) => row.length)).toEqual(b.map((row) => row.length));
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
}

const named = (pattern: RegExp) => Object.keys(references).filter((file) => pattern.test(file));
const ARITHMETIC = /^(conv1d|operators)-int8/;
const exact = named(/-(int8|uint8|float-ends)\./).filter((file) => !ARITHMETIC.test(file));

describe("a .tflite file as ONNX", () => {
  it("is there in all kinds", () => {
    expect(exact).toHaveLength(8);
    expect(named(/-(float|float16)\./)).toHaveLength(9);
  });

  it.each(named(/-(float|float16)\./))("%s gives TensorFlow Lite's numbers", async (file) => {
    // Its own kernels differ by 2e-6 from each other.
    expect(furthest(await answers(file), references[file]!.default)).toBeLessThan(5e-6);
  });

  describe.each(["uint8", "int8"] as const)("with activations in %s", (integers) => {
    it.each(exact)("%s gives TensorFlow Lite's bits", async (file) => {
      expect(await answers(file, integers)).toEqual(references[file]!.default);
    });

    it.each([
      ["conv1d-int8.tflite", 1],
      // After some twenty rounded steps; the interpreter's own kernels are 44 apart there.
      ["operators-int8.tflite", 6],
    ])("%s, with arithmetic of quantised tensors, is at most %d of 255 away", async (file, limit) => {
      expect(furthest(await answers(file, integers), references[file]!.default)).toBeLessThanOrEqual(limit);
    });
  });

  it("computes in float where only the weights have 8 bits, more exactly than TensorFlow Lite", async () => {
    const { exact = [], default: rounded } = references["autoencoder-dynamic.tflite"]!;
    expect(furthest(await answers("autoencoder-dynamic.tflite"), exact)).toBeLessThan(1e-5);
    expect(furthest(rounded, exact)).toBeGreaterThan(1e-2);
  });

  it.each(Object.keys(references))("%s takes a batch, and its rows do not meet", async (file) => {
    expect(furthest(await answers(file, "uint8", 4), await answers(file))).toBeLessThan(5e-6);
  });

  it.each([
    ["keyword", 0],
    // The picture comes with its channels last.
    ["mobilenet", 1],
    ["resnet", 1],
    ["micro-speech", 1],
    // At the end the numbers stand in TensorFlow's order again.
    ["magic-wand", 1],
    ["autoencoder", 0],
  ])("%s is transposed %d times", (model, count) => {
    for (const kind of ["float", "int8"]) {
      const bytes = tfliteToOnnx(readFileSync(join(GOLDEN, `${model}-${kind}.tflite`)));
      expect(readModelInfo(bytes).operators.get("Transpose") ?? 0).toBe(count);
    }
  });

  it("has real numbers at its ends, with the names of the file, and an open batch", () => {
    const info = readModelInfo(tfliteToOnnx(readFileSync(join(GOLDEN, "keyword-int8.tflite"))));
    expect(info.inputs).toEqual([
      { name: expect.stringContaining("serving_default"), kind: "tensor", type: "float32", shape: [null, 49, 10, 1] },
    ]);
    expect(info.outputs).toEqual([
      { name: expect.stringContaining("StatefulPartitionedCall"), kind: "tensor", type: "float32", shape: [null, 12] },
    ]);
    expect(info.producerName).toBe("TensorFlow Lite");
  });

  it("is the same each time", () => {
    const file = readFileSync(join(GOLDEN, "resnet-int8.tflite"));
    expect(tfliteToOnnx(file)).toEqual(tfliteToOnnx(file));
  });
});
