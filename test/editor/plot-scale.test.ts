/** Axes of the plots: where values lie, and what is written beside them. */
import { describe, expect, it } from "vitest";
import {
  linearScale,
  numberText,
  placeOf,
  type Scale,
  scoreScale,
  ticks,
  timeTicks,
  valueAt,
} from "../../nodes/editor/plot/scale.ts";

describe("scoreScale", () => {
  it("is linear for scores of one size", () => {
    expect(scoreScale([1, 2, 3, 9], 4).kind).toBe("linear");
    expect(scoreScale([-1, 0, 1000], 4).kind).toBe("linear");
  });
  it("is logarithmic where few scores are far above all others", () => {
    expect(scoreScale([1, 1.1, 1.2, 1000], 2)).toMatchObject({ kind: "log" });
    expect(scoreScale([0, 1, 1.1, 1.2, 1000], 2)).toMatchObject({ kind: "log" });
  });
  it("has room for the threshold, for a single score and for none", () => {
    for (const scale of [scoreScale([1, 2], 50), scoreScale([3], 3), scoreScale([], 7), scoreScale([], undefined)]) {
      expect(scale.high).toBeGreaterThan(scale.low);
      expect(Number.isFinite(scale.low) && Number.isFinite(scale.high)).toBe(true);
    }
    expect(placeOf(scoreScale([1, 2], 50), 50)).toBeLessThan(1);
    expect(scoreScale([0, 0, 0], undefined)).toMatchObject({ kind: "linear" });
  });
});

const scales: [string, Scale][] = [
  ["linear", { kind: "linear", low: -2, high: 6 }],
  ["log", { kind: "log", low: 0.01, high: 1000 }],
];
describe.each(scales)("a %s scale", (_, scale) => {
  it("gives back the value of each place", () => {
    for (const place of [0, 0.1, 0.5, 0.99, 1]) expect(placeOf(scale, valueAt(scale, place))).toBeCloseTo(place, 12);
  });
  it("keeps what is beyond its ends on them", () => {
    expect(placeOf(scale, scale.high * 10)).toBe(1);
    expect(placeOf(scale, -1e9)).toBe(0);
  });
  it("has a few round ticks inside", () => {
    const found = ticks(scale, 4);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found.length).toBeLessThanOrEqual(7);
    for (const value of found) {
      expect(value).toBeGreaterThanOrEqual(scale.low);
      expect(value).toBeLessThanOrEqual(scale.high);
    }
  });
});

it.each([
  [0, 8.2, 4, [0, 2, 4, 6, 8]],
  [0.13, 0.71, 4, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]],
  [-1e6, 1e6, 4, [-1e6, -500_000, 0, 500_000, 1e6]],
])("the ticks from %d to %d are round", (low, high, count, wanted) => {
  expect(ticks(linearScale(low, high), count)).toEqual(wanted);
});

describe("timeTicks", () => {
  const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();
  it("are days of local time for weeks, and hours for a day", () => {
    const days = timeTicks(linearScale(at(2026, 0, 12), at(2026, 0, 26)), 5);
    expect(days.length).toBeGreaterThan(1);
    for (const { time, text } of days) {
      expect(new Date(time).getHours()).toBe(0);
      expect(text).toMatch(/^2026-01-\d\d$/);
    }
    const hours = timeTicks(linearScale(at(2026, 0, 12, 1), at(2026, 0, 12, 22)), 5);
    expect(hours.map(({ text }) => text)).toEqual(["06:00", "12:00", "18:00"]);
  });
  it("never are too many", () => {
    expect(timeTicks(linearScale(0, 8e15), 5).length).toBeLessThanOrEqual(50);
  });
});

it.each([
  [0, "0"],
  [0.25, "0.25"],
  [1234, "1.23k"],
  [-2_500_000, "-2.5M"],
  [3e-7, "3e-7"],
  [4e19, "4e+19"],
])("%d is written as %s", (value, text) => expect(numberText(value)).toBe(text));
