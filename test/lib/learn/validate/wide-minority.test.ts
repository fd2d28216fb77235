import { describe, expect, it } from "vitest";
import type { Matrix } from "../../../../nodes/lib/learn/math/matrix.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { wideMinority } from "../../../../nodes/lib/learn/validate/wide-minority.ts";
import { correlated, gaussian } from "../support.ts";

const COLUMNS = 8;

/** Normally distributed frames about centres: [frames, centre of every feature, deviation]. */
function states(
  seed: number,
  parts: readonly [rows: number, centre: number, spread: number][],
  columns = COLUMNS,
): Matrix {
  const normal = gaussian(seed);
  const data = parts.flatMap(([rows, centre, spread]) =>
    Array.from({ length: rows * columns }, () => centre + spread * normal()),
  );
  return { rows: data.length / columns, columns, data: Float32Array.from(data) };
}

function drawn(seed: number, draw: (normal: () => number, uniform: () => number) => number): Matrix {
  const [normal, uniform] = [gaussian(seed), seeded(seed)];
  return {
    rows: 800,
    columns: 4,
    data: Float32Array.from({ length: 3200 }, () => draw(normal, uniform)),
  };
}

const seeds = Array.from({ length: 10 }, (_, i) => i + 1);

describe("wideMinority", () => {
  const polluted: [string, (seed: number) => Matrix, number][] = [
    [
      "a tenth ten times as wide",
      (seed) =>
        states(seed, [
          [450, 0, 1],
          [50, 0, 10],
        ]),
      0.1,
    ],
    [
      "three tenths five times as wide",
      (seed) =>
        states(seed, [
          [350, 0, 1],
          [150, 0, 5],
        ]),
      0.3,
    ],
    [
      "a wide cloud beside the centre",
      (seed) =>
        states(seed, [
          [350, 0, 1],
          [100, 8, 12],
        ]),
      0.22,
    ],
    [
      "a wide cloud around two states",
      (seed) =>
        states(seed, [
          [300, 0, 1],
          [300, 30, 1],
          [120, 10, 20],
        ]),
      0.17,
    ],
  ];
  it.each(polluted)("notices %s", (_, make, share) => {
    for (const seed of seeds) {
      const found = wideMinority(make(seed));
      expect(found, `seed ${seed}`).toBeDefined();
      expect(Math.abs(found!.share - share)).toBeLessThan(0.05);
      expect(found!.ratio).toBeGreaterThan(3);
    }
  });

  const clean: [string, (seed: number) => Matrix][] = [
    ["one state", (seed) => states(seed, [[600, 0, 1]])],
    ["features that go together", (seed) => correlated(seed, 600, 12, 3)],
    [
      "four states of four spreads",
      (seed) =>
        states(seed, [
          [300, 0, 1],
          [250, 40, 2],
          [150, -60, 4],
          [100, 90, 0.6],
        ]),
    ],
    [
      "a machine that is off or on",
      (seed) =>
        states(seed, [
          [400, 0, 0.05],
          [300, 20, 1],
        ]),
    ],
    [
      "one that is off, to the digit, or on",
      (seed) =>
        states(seed, [
          [400, 0, 0],
          [300, 20, 1],
        ]),
    ],
    [
      "heavy tails",
      (seed) => drawn(seed, (normal) => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3)),
    ],
    ["log-normal numbers", (seed) => drawn(seed, (normal) => Math.exp(normal()))],
    ["exponential numbers", (seed) => drawn(seed, (_, uniform) => -Math.log(1 - uniform()))],
    ["a day's wave", (seed) => wave(seed)],
  ];
  it.each(clean)("has nothing to say of %s", (_, make) => {
    for (const seed of seeds) expect(wideMinority(make(seed)), `seed ${seed}`).toBeUndefined();
  });

  it.each([
    ["no frame", states(1, [])],
    ["ten frames", states(1, [[10, 0, 1]])],
    ["frames that are all alike", states(1, [[100, 5, 0]])],
    ["one feature of two values", { rows: 100, columns: 1, data: Float32Array.from({ length: 100 }, (_, i) => i % 2) }],
  ])("takes %s", (_, frames) => {
    expect(wideMinority(frames)).toBeUndefined();
  });

  it("looks at a sample of many frames, and of wide ones", () => {
    const found = wideMinority(
      states(
        3,
        [
          [9000, 0, 1],
          [1000, 0, 10],
        ],
        16,
      ),
    );
    expect(found!.share).toBeGreaterThan(0.07);
    expect(
      wideMinority(
        states(
          3,
          [
            [90, 0, 1],
            [20, 0, 10],
          ],
          4096,
        ),
      )!.ratio,
    ).toBeGreaterThan(3);
  });
});

function wave(seed: number): Matrix {
  const normal = gaussian(seed);
  const weights = Array.from({ length: 4 }, () => 3 * normal());
  const data = Array.from({ length: 3 * 288 }, (_, t) =>
    weights.map((weight) => weight * Math.sin((2 * Math.PI * t) / 288) + 0.3 * normal()),
  );
  return { rows: data.length, columns: 4, data: Float32Array.from(data.flat()) };
}
