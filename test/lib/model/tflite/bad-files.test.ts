import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../../nodes/lib/errors/index.ts";
import { isTflite, tfliteToOnnx } from "../../../../nodes/lib/model/tflite/index.ts";
import { ROOT } from "../../../support/runtime.ts";
import {
  ADD,
  CONV_2D,
  CUSTOM,
  FULLY_CONNECTED,
  INT8,
  INT16,
  RELU,
  RESHAPE,
  RNN,
  type TfliteSpec,
  TRANSPOSE,
  tflite,
} from "../../../support/tflite.ts";

const golden = (file: string) => new Uint8Array(readFileSync(join(ROOT, "test/golden/tflite", file)));

function errorOf(bytes: Uint8Array): EdgeMlError {
  try {
    tfliteToOnnx(bytes, { name: "wand" });
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeMlError);
    return error as EdgeMlError;
  }
  throw new Error("it was converted");
}

/** input → operator → output, of [1, 4] each. */
const one = (code: number, overrides: Partial<TfliteSpec> = {}, inputs = [0]): TfliteSpec => ({
  tensors: [{ name: "in" }, { name: "out" }],
  operators: [{ code, inputs, outputs: [1] }],
  ...overrides,
});

const floats = (count: number) => new Uint8Array(Float32Array.from({ length: count }, () => 1).buffer);
const ints = (...numbers: number[]) => new Uint8Array(Int32Array.from(numbers).buffer);

describe("a bad .tflite file", () => {
  it("is what the table below changes: without a change it is converted", () => {
    expect(tfliteToOnnx(tflite(one(RELU))).length).toBeGreaterThan(100);
  });

  const huge = { name: "huge", shape: [1, 2 ** 30, 2 ** 20] };
  it.each<[string, TfliteSpec, RegExp]>([
    ["another version", one(RELU, { version: 2 }), /version 2 of the format/],
    ["a tensor of 2^50 numbers", one(RELU, { tensors: [huge, huge] }), /"huge" is 1 × 1073741824 × 1048576/],
    ["a negative size", one(RELU, { tensors: [{ shape: [1, -4] }, {}] }), /is 1 × -4/],
    ["nine dimensions", one(RELU, { tensors: [{ shape: [1, 1, 1, 1, 1, 1, 1, 1, 1] }, {}] }), /a list of 9 entries/],
    ["an empty tensor", one(RELU, { tensors: [{ shape: [1, 0] }, {}] }), /is empty/],
    ["an input that is no tensor", one(RELU, { inputs: [7] }), /tensor 7 of 2/],
    ["an operand that is no tensor", one(RELU, {}, [9]), /tensor 9 of 2/],
    ["an operator without its input", one(RELU, {}, []), /lacks an input or output/],
    ["an operand that nobody makes", one(RELU, { inputs: [] }), /"in" is used before it is made/],
    ["an output that nobody makes", one(RELU, { outputs: [0, 2], tensors: [{}, {}, { name: "x" }] }), /"x" is used/],
    ["no output", one(RELU, { outputs: [] }), /its graph has no output/],
    [
      "a circle",
      {
        tensors: [{ name: "in" }, { name: "a" }, { name: "b" }],
        operators: [
          { code: ADD, inputs: [0, 2], outputs: [1] },
          { code: ADD, inputs: [0, 1], outputs: [2] },
        ],
        outputs: [2],
      },
      /"b" is used before it is made/,
    ],
    [
      "weights that are cut off",
      one(FULLY_CONNECTED, { tensors: [{}, {}, { name: "w", shape: [4, 4], data: floats(15) }] }, [0, 2]),
      /"w" has 60 bytes instead of 64/,
    ],
    [
      "weights that do not fit",
      one(FULLY_CONNECTED, { tensors: [{}, {}, { shape: [4, 3], data: floats(12) }] }, [0, 2]),
      /FULLY_CONNECTED of 1 × 4 by 4 × 3/,
    ],
    [
      "weights that are computed",
      one(FULLY_CONNECTED, { tensors: [{}, {}, { name: "w", shape: [4, 4] }], inputs: [0, 2] }, [0, 2]),
      /the weights "w" are computed/,
    ],
    [
      "a weight that is no number",
      one(FULLY_CONNECTED, { tensors: [{}, {}, { shape: [4, 4], data: floats(16).fill(255) }] }, [0, 2]),
      /a coefficient is NaN/,
    ],
    [
      "a convolution of a table",
      one(CONV_2D, { tensors: [{}, {}, { shape: [1, 1, 1, 1], data: floats(1) }] }, [0, 2]),
      /CONV_2D of 1 × 4 by 1 × 1 × 1 × 1/,
    ],
    [
      "an order of axes with one twice",
      one(TRANSPOSE, { tensors: [{}, {}, { type: 2, shape: [2], data: ints(0, 0) }] }, [0, 2]),
      /the order of axes 0,0/,
    ],
    ["numbers of 16 bits", one(RELU, { tensors: [{ name: "in", type: INT16 }, {}] }), /"in" is of type INT16/],
    ["8 bits without a scale", one(RELU, { tensors: [{ name: "in", type: INT8 }, {}] }), /"in" is of type INT8/],
    ["a scale of 0", one(RELU, { tensors: [{ type: INT8, scales: [0] }, {}] }), /no positive number/],
    ["a scale that is no number", one(RELU, { tensors: [{ type: INT8, scales: [Number.NaN] }, {}] }), /no positive/],
    ["two scales", one(RELU, { tensors: [{ shape: [2, 4], type: INT8, scales: [1, 1] }, {}] }), /has 2 scales/],
    ["more scales than places", one(RELU, { tensors: [{ type: INT8, scales: [1, 1, 1] }, {}] }), /a list of 3 entries/],
    [
      "a zero point outside its type",
      one(RELU, { tensors: [{ type: INT8, scales: [1], zeroPoints: [128] }, {}] }),
      /zero point 128/,
    ],
    [
      "two scales around what only moves",
      one(RESHAPE, {
        tensors: [
          { type: INT8, scales: [1] },
          { shape: [4, 1], type: INT8, scales: [2] },
        ],
      }),
      /have two scales/,
    ],
    [
      "an open length",
      one(RELU, { tensors: [{ shape: [1, 1], signature: [-1, -1] }, {}] }),
      /dimension 1 is left open/,
    ],
    [
      "one constant used a thousand times",
      {
        tensors: [{}, ...Array.from({ length: 1000 }, () => ({})), { shape: [1, 4096], data: floats(4096) }],
        operators: Array.from({ length: 1000 }, (_, i) => ({ code: ADD, inputs: [i, 1001], outputs: [i + 1] })),
        outputs: [1000],
      },
      /its weights are used over and over/,
    ],
  ])("with %s is refused", (_, spec, reason) => {
    const { code, message } = errorOf(tflite(spec));
    expect(code).toBe("EDGE_ML_MODEL_INVALID");
    expect(message).toMatch(reason);
    expect(message).toMatch(/^The model "wand" cannot be used: /);
  });

  it("names the operators that are missing, and how often each is used", () => {
    const operators = [RNN, CUSTOM, RELU, RNN].map((code, i) => ({
      code,
      custom: code === CUSTOM ? "Flex" : undefined,
      inputs: [i],
      outputs: [i + 1],
    }));
    const tensors = Array.from({ length: 5 }, () => ({}));
    const { code, details } = errorOf(tflite({ tensors, operators: operators as never, outputs: [4] }));
    expect(code).toBe("EDGE_ML_MODEL_OPERATORS");
    expect(details.reason).toBe("TensorFlow Lite's operators RNN (2 ×), custom Flex (1 ×) are not known here");
  });

  it("may lack operators that no output comes from", () => {
    const operators = [
      { code: RELU, inputs: [0], outputs: [1] },
      { code: RNN, inputs: [1], outputs: [2] },
    ];
    expect(tfliteToOnnx(tflite({ tensors: [{}, {}, {}], operators })).length).toBeGreaterThan(100);
  });

  it("ends in a coded error at whatever byte it is cut off", () => {
    const file = golden("magic-wand-int8.tflite");
    for (let length = 0; length < file.length; length += length < 300 ? 1 : 97) {
      expect(errorOf(file.slice(0, length)).code, `${length} bytes`).toBe("EDGE_ML_MODEL_INVALID");
    }
  });

  it("ends in a model or in a coded error with any bytes changed", () => {
    const file = golden("magic-wand-int8.tflite");
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    const counts = { converted: 0, refused: 0 };
    for (let i = 0; i < 1500; i++) {
      const bytes = file.slice();
      for (let j = random(8); j >= 0; j--) bytes[random(bytes.length)] = random(256);
      try {
        tfliteToOnnx(bytes);
        counts.converted++;
      } catch (error) {
        if (!(error instanceof EdgeMlError)) throw error;
        expect(["EDGE_ML_MODEL_INVALID", "EDGE_ML_MODEL_OPERATORS"]).toContain(error.code);
        counts.refused++;
      }
    }
    expect(counts.converted).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(100);
  });
});

describe("isTflite", () => {
  it("goes by the identifier", () => {
    expect(isTflite(golden("magic-wand-int8.tflite"))).toBe(true);
    expect(isTflite(tfliteToOnnx(golden("magic-wand-int8.tflite")))).toBe(false);
    expect(isTflite(new Uint8Array(7))).toBe(false);
  });
});
