import { expect, it } from "vitest";
import { Durations } from "../../../nodes/lib/infer/durations.ts";

it("has no spread before the first duration", () => {
  expect(new Durations().spread()).toBeUndefined();
});

it("tells the percentiles of the last ones, as numpy.percentile does, and forgets those before", () => {
  const durations = new Durations(100);
  for (let i = 0; i < 250; i++) durations.add(1000);
  // Out of order: 37 is prime to 100.
  for (let i = 0; i < 100; i++) durations.add(1 + ((i * 37) % 100));
  const { p50, p95, p99 } = durations.spread()!;
  expect([p50, p95, p99]).toEqual([50.5, expect.closeTo(95.05, 9), expect.closeTo(99.01, 9)]);
});

it("begins anew when it is told to", () => {
  const durations = new Durations(4);
  for (const ms of [1, 2, 3, 4, 5]) durations.add(ms);
  durations.clear();
  expect(durations.spread()).toBeUndefined();
  durations.add(7);
  expect(durations.spread()).toEqual({ p50: 7, p95: 7, p99: 7 });
});
