import { expect, it } from "vitest";
import { joinedBatch } from "../../../../nodes/lib/learn/collect/joined-batch.ts";
import type { FrameBatch } from "../../../../nodes/lib/learn/training/request.ts";

function batch(rows: [value: number, stream: number, label: number][], names: Partial<FrameBatch>): FrameBatch {
  return {
    rows: rows.length,
    columns: 1,
    data: Float32Array.from(rows, ([value]) => value),
    start: Float64Array.from(rows, ([value]) => value),
    end: Float64Array.from(rows, ([value]) => value + 0.5),
    stream: Int32Array.from(rows, ([, stream]) => stream),
    streams: ["s"],
    label: Int32Array.from(rows, ([, , label]) => label),
    labels: [],
    stride: 1,
    ...names,
  };
}

it("keeps the names of streams and labels with their frames", () => {
  const first = batch(
    [
      [1, 1, -1],
      [2, 0, 0],
    ],
    { streams: ["a", "b"], labels: ["normal"], stride: 4 },
  );
  const second = batch(
    [
      [3, 0, 1],
      [4, 1, 0],
      [5, 1, -1],
    ],
    { streams: ["b", "c"], labels: ["leak", "stuck"], stride: 2 },
  );
  const joined = joinedBatch(first, second);
  expect(joined).toMatchObject({ rows: 5, columns: 1, stride: 4 });
  const told = Array.from({ length: 5 }, (_, i) => [
    joined.data[i],
    joined.start[i],
    joined.end[i],
    joined.streams[joined.stream[i]!],
    joined.labels[joined.label[i]!],
  ]);
  expect(told).toEqual([
    [1, 1, 1.5, "b", undefined],
    [2, 2, 2.5, "a", "normal"],
    [3, 3, 3.5, "b", "stuck"],
    [4, 4, 4.5, "c", "leak"],
    [5, 5, 5.5, "c", undefined],
  ]);
});
