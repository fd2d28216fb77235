import { describe, expect, it } from "vitest";
import { type Bars, type CellMap, draw, heat, indexAt, relativeHeights } from "../../nodes/editor/picture.ts";

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

/** What was drawn on a canvas that only remembers. */
function drawn(picture: Bars | CellMap, width = 100, height = 51): Rectangle[] {
  const rectangles: Rectangle[] = [];
  const context = {
    fillStyle: "",
    clearRect: () => undefined,
    fillRect(x: number, y: number, w: number, h: number) {
      rectangles.push({ x, y, width: w, height: h, fill: context.fillStyle });
    },
  };
  draw(context as unknown as CanvasRenderingContext2D, picture, { width, height }, { bar: "green", axis: "grey" });
  for (const { x, y, width: w, height: h } of rectangles) {
    expect([x, y, w, h].every(Number.isFinite)).toBe(true);
    expect(x).toBeGreaterThanOrEqual(-0.5);
    expect(x + w).toBeLessThanOrEqual(width + 0.5);
    expect(y).toBeGreaterThanOrEqual(-1);
    expect(y + h).toBeLessThanOrEqual(height + 1);
  }
  return rectangles;
}

const bars = (values: number[], units = values.map(() => "x")): Bars => ({ kind: "bars", values, units });

describe("bars", () => {
  it("are as tall as their values, up and down from one line", () => {
    const [two, minusOne, line] = drawn(bars([2, -1]), 100, 31);
    expect(two).toMatchObject({ height: 20, y: 0, fill: "green" });
    expect(minusOne).toMatchObject({ height: 10, y: 20 });
    expect(line).toMatchObject({ y: 20, width: 100, height: 1, fill: "grey" });
  });

  it("share a scale with those of the same unit only", () => {
    expect(relativeHeights(bars([1, 1000, -4, 2], ["Hz", "Hz", "", ""]))).toEqual([0.001, 1, -1, 0.5]);
  });

  it("leave out NaN and Infinity", () => {
    expect(
      drawn(bars([1, Number.NaN, Number.POSITIVE_INFINITY, 1])).filter(({ fill }) => fill === "green"),
    ).toHaveLength(2);
  });

  it.each([
    ["zeros", [0, 0, 0]],
    ["nothing at all", []],
    ["nothing but NaN", [Number.NaN]],
    ["denormals", [5e-324, -5e-324]],
    ["the largest numbers", [Number.MAX_VALUE, -Number.MAX_VALUE]],
    ["2,000 values", Array.from({ length: 2000 }, (_, i) => Math.sin(i))],
  ])("can be drawn of %s", (_, values) => {
    drawn(bars(values));
  });

  it("can be seen however small they are", () => {
    expect(drawn(bars([1e-9, 1]))[0]!.height).toBe(1);
  });

  it("are found under a point", () => {
    const at = (x: number, y: number) => indexAt(bars([1, 2, 3, 4]), { width: 100, height: 50 }, x, y);
    expect([at(0, 0), at(26, 10), at(99, 49), at(100, 10), at(-1, 10), at(10, 50)]).toEqual([
      0,
      1,
      3,
      undefined,
      undefined,
      undefined,
    ]);
    expect(indexAt(bars([]), { width: 100, height: 50 }, 1, 1)).toBeUndefined();
  });
});

describe("a map", () => {
  const map = (values: number[], frames: number, bins: number): CellMap => ({ kind: "map", values, frames, bins });

  it("goes from left to right in time, and up in bins; dark is low, light is high", () => {
    const cells = drawn(map([0, 1, 2, 3], 2, 2), 100, 50);
    expect(cells).toEqual([
      { x: 0, y: 25, width: 50, height: 25, fill: heat(0) },
      { x: 0, y: 0, width: 50, height: 25, fill: heat(1 / 3) },
      { x: 50, y: 25, width: 50, height: 25, fill: heat(2 / 3) },
      { x: 50, y: 0, width: 50, height: 25, fill: heat(1) },
    ]);
  });

  it("leaves no seams between cells, and leaves out NaN", () => {
    const cells = drawn(
      map(
        Array.from({ length: 21 }, (_, i) => (i === 4 ? Number.NaN : i)),
        7,
        3,
      ),
      100,
      50,
    );
    expect(cells).toHaveLength(20);
    expect(cells.reduce((area, { width, height }) => area + width * height, 0)).toBe(
      100 * 50 - (Math.floor(200 / 7) - Math.floor(100 / 7)) * (Math.floor(100 / 3) - Math.floor(50 / 3)),
    );
  });

  it("can be drawn when all cells are the same", () => {
    expect(new Set(drawn(map([5, 5], 2, 1)).map(({ fill }) => fill))).toEqual(new Set([heat(0)]));
  });

  it("is found under a point", () => {
    const at = (x: number, y: number) => indexAt(map([0, 1, 2, 3, 4, 5], 2, 3), { width: 100, height: 30 }, x, y);
    expect([at(0, 29), at(0, 0), at(99, 29), at(60, 15)]).toEqual([0, 2, 3, 4]);
  });
});

it("colours run from dark violet to yellow", () => {
  expect([heat(0), heat(0.5), heat(1), heat(7), heat(-1)]).toEqual([
    "rgb(68, 1, 84)",
    "rgb(33, 145, 140)",
    "rgb(253, 231, 37)",
    "rgb(253, 231, 37)",
    "rgb(68, 1, 84)",
  ]);
});
