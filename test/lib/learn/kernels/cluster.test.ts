import { expect, it } from "vitest";
import { cluster } from "../../../../nodes/lib/learn/kernels/cluster.ts";
import { cluster as clusterHere } from "../../../../nodes/lib/learn/math/cluster.ts";
import { seeded } from "../../../../nodes/lib/learn/math/random.ts";
import { gaussian } from "../support.ts";

/** Clouds at random places. */
function clouds(rows: number, columns: number, count: number, spread: number): Float64Array {
  const normal = gaussian(rows + columns);
  const centres = Float64Array.from({ length: count * columns }, () => 3 * normal());
  return Float64Array.from(
    { length: rows * columns },
    (_, at) =>
      centres[(Math.floor(at / columns) % count) * columns + (at % columns)]! + (spread > 0 ? spread * normal() : 0),
  );
}

const silent = () => undefined;

it.each([
  ["clouds that touch", 3000, 10, 8, 1],
  ["clouds that are far apart", 3000, 10, 8, 0.05],
] as const)("k-means on kernels is as good as in TypeScript: %s", async (_, rows, columns, count, spread) => {
  const data = clouds(rows, columns, count, spread);
  const options = { clusters: 16, restarts: 5 };
  const found = await cluster(data, { rows, columns }, options, seeded(1), silent);
  const expected = clusterHere(data, { rows, columns }, options, seeded(1), silent);
  expect(found.count).toBe(16);
  expect(found.inertia / expected.inertia).toBeGreaterThan(0.98);
  expect(found.inertia / expected.inertia).toBeLessThan(1.02);
  // What it tells fits together: each row's distance is that to the centre that it names, and that is the nearest.
  let inertia = 0;
  for (let row = 0; row < rows; row++) {
    const squares = Array.from({ length: found.count }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += (data[row * columns + i]! - found.centres[k * columns + i]!) ** 2;
      return sum;
    });
    expect(Math.sqrt(squares[found.nearest[row]!]!)).toBeCloseTo(found.distances[row]!, 9);
    expect(found.distances[row]!).toBeLessThan(Math.sqrt(Math.min(...squares)) + 1e-3);
    inertia += found.distances[row]! ** 2;
  }
  expect(found.inertia).toBeCloseTo(inertia, 6);
});

it("makes do with fewer different rows than clusters", async () => {
  const data = clouds(5000, 6, 5, 0);
  const found = await cluster(data, { rows: 5000, columns: 6 }, { clusters: 16, restarts: 1 }, seeded(1), silent);
  expect(found.count).toBe(5);
  expect(found.inertia).toBeCloseTo(0, 9);
});

it("gives an empty cluster the row that is farthest out", async () => {
  // One far row beside many: whatever the seeds, it ends in a cluster of its own.
  const data = clouds(6000, 4, 1, 0.01);
  data.fill(50, 0, 4);
  const found = await cluster(data, { rows: 6000, columns: 4 }, { clusters: 12, restarts: 1 }, seeded(2), silent);
  expect(found.distances[0]).toBeCloseTo(0, 9);
});
