/** Every type at a model's boundary, against ONNX Runtime for Python: see test/golden/infer/make_types.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runModel } from "../../support/run-model.ts";
import { ROOT } from "../../support/runtime.ts";

const golden = JSON.parse(readFileSync(join(ROOT, "test/golden/infer/types.json"), "utf8"));
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

interface Answer {
  model: string;
  same: number[][];
  number: number[][];
}

describe("inputs and outputs", () => {
  it.each(Object.entries<Answer>(golden.types))("of %s are converted both ways", async (_, { model, same, number }) => {
    const results = await runModel({ model: bytes(model) }, golden.rows);
    expect(results).toEqual(
      golden.rows.map((_row: number[], i: number) => ({
        kind: "tensors",
        tensors: [
          { name: "same", shape: [1, 4], data: same[i] },
          { name: "number", shape: [1, 4], data: number[i] },
        ],
      })),
    );
  });

  it("of text and of true and false come from the message, and text goes out", async () => {
    const { model, y, kind } = golden.table;
    const tensors = [
      { name: "y", shape: [1, 4], data: y[0] },
      { name: "same_kind", shape: [1, 1], data: kind[0] },
    ];
    for (const message of [{ kind: "fan", on: true }, { inputs: { kind: ["fan"], on: [1] } }]) {
      expect(await runModel({ model: bytes(model) }, [golden.rows[0]], message)).toEqual([
        { kind: "tensors", tensors },
      ]);
    }
    await expect(runModel({ model: bytes(model) }, [golden.rows[0]], { kind: 7, on: true })).rejects.toThrow(
      /msg\.inputs\.kind is 1 numbers, but it must be any × 1 texts/,
    );
  });
});
