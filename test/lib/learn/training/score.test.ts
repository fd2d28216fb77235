import { describe, expect, it } from "vitest";
import { withModel } from "../../../../nodes/lib/learn/training/score.ts";
import { encodeModel, float, OnnxGraph } from "../../../../nodes/lib/model/index.ts";
import { correlated, runBytes } from "../support.ts";

/** The sum of each row. */
function summing(
  columns: number,
  make = (g: OnnxGraph, sum: ReturnType<OnnxGraph["input"]>) => g.op("Identity", [sum]),
) {
  const g = new OnnxGraph("sum");
  const x = g.input("features", ["N", columns]);
  g.output("score", make(g, g.op("ReduceSum", [x, g.ints([1])], { keepdims: 0 })), ["N"]);
  return g;
}

const idle = () => undefined;

describe("withModel", () => {
  it.each([
    ["one row", 1, 4],
    ["several batches", 1300, 4],
    ["rows as long as they get", 70, 4096],
    ["none", 0, 4],
  ])("gives an output for each row: %s", async (_, rows, columns) => {
    const matrix = correlated(1, rows, columns, 2);
    const scores = await withModel(summing(columns), "score", idle, (model) => model.run(matrix));
    expect(scores).toHaveLength(rows);
    scores.forEach((score, row) => {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += matrix.data[row * columns + i]!;
      expect(Math.abs(score - sum)).toBeLessThan(1e-5 * columns);
    });
  });

  it("runs a bundle as it is, and knows its size and how long a frame takes", async () => {
    const { bytes, microseconds } = await withModel(summing(4), "score", idle, async (model) => ({
      bytes: model.bytes,
      microseconds: await model.microseconds(correlated(1, 1, 4, 2)),
    }));
    expect(bytes).toBeGreaterThan(50);
    expect(microseconds).toBeGreaterThan(0);
    expect(microseconds).toBeLessThan(1e5);
  });

  it("makes a coded error of a number that is not finite", async () => {
    const graph = summing(4, (g, sum) => g.op("Log", [g.op("Min", [sum, g.scalar(-1)])]));
    await expect(withModel(graph, "score", idle, (model) => model.run(correlated(1, 10, 4, 2)))).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_FAILED",
      message: expect.stringContaining("score is not a finite"),
    });
  });

  it("ends between two batches when it is told to", async () => {
    let batches = 0;
    const stop = new Error("enough");
    const running = withModel(
      summing(4),
      "score",
      () => {
        if (++batches > 2) throw stop;
      },
      (model) => model.run(correlated(1, 5000, 4, 2)),
    );
    await expect(running).rejects.toBe(stop);
    expect(batches).toBe(3);
  });

  it("gives back what was used: the same model can be loaded many times", async () => {
    for (let i = 0; i < 50; i++) await withModel(summing(4), "score", idle, async ({ bytes }) => bytes);
  });
});

describe("OnnxGraph.refine", () => {
  it("puts something on top of an output, under its name", async () => {
    const g = summing(2);
    g.refine("score", ["N"], (score) => g.op("LeakyRelu", [score], { alpha: float(0.5) }));
    const file = encodeModel(g, { producerName: "test", producerVersion: "1" });
    const { score } = await runBytes(file, { rows: 2, columns: 2, data: Float32Array.from([1, 2, -3, -1]) });
    expect(score).toEqual([3, -2]);
  });

  it("refuses an output that is not there", () => {
    expect(() => summing(2).refine("values", ["N"], (value) => value)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_MODEL_INVALID" }),
    );
  });
});
