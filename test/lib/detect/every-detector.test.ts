/** What every detector must bear, whatever it is good at. */
import { describe, expect, it } from "vitest";
import { chooseDetector, detectors } from "../../../nodes/lib/detect/index.ts";
import { Packer, Unpacker } from "../../../nodes/lib/detect/packing.ts";
import { detection, feed, gaussian, marked, STEP, series } from "./support.ts";

const COUNT = 1500;
const inputs: [string, (i: number) => number][] = [
  ["zeros", () => 0],
  ["a constant", () => 21.3],
  ["the largest numbers, with both signs", (i) => (i % 2 === 0 ? 1e100 : -1e100)],
  ["the smallest numbers", (i) => (i % 3) * Number.MIN_VALUE],
  ["a ramp", (i) => i],
  ["two values", (i) => (i % 17 === 0 ? 1 : 0)],
  ["a square wave", (i) => (i % 40 < 20 ? 0 : 10)],
  ["a huge step", (i) => (i < 1000 ? 1 : 1e90)],
  ["a far offset", (i) => 1e9 + Math.sin(i)],
];

describe.each(detectors.map(({ id }) => id))("%s", (id) => {
  it.each(inputs)("gives finite scores of %s", (_, at) => {
    const detected = feed(detection(id, id === "seasonal" ? { timeZone: "UTC" } : {}), series(COUNT, at));
    const scores = detected.flatMap((each) => (each === undefined ? [] : [each.payload.score]));
    expect(scores.length).toBeGreaterThan(100);
    for (const score of scores) expect(Number.isFinite(score) && score! >= 0 && score! <= 30, String(score)).toBe(true);
  });

  it.each([
    ["zeros", () => 0],
    ["a constant", () => 21.3],
  ] as [string, (i: number) => number][])("never marks %s", (_, at) => {
    expect(marked(feed(detection(id), series(COUNT, at)))).toEqual([]);
  });

  it("says nothing before the warm-up that it tells of is over, and something right after it", () => {
    const detector = detection(id);
    const detected = feed(detector, series(COUNT, gaussian(8)));
    const first = detected.findIndex((each) => each !== undefined);
    const fresh = detection(id);
    feed(fresh, [1]);
    const { needed } = fresh.warmUp("s")!;
    if (needed === undefined) expect(id).toBe("seasonal");
    else expect(first).toBe(needed);
    expect(detected.slice(first).every((each) => each !== undefined)).toBe(true);
  });

  it("goes on after being saved as if nothing had happened", () => {
    const { detector, options } = chooseDetector(id, {});
    const channels = detector.joint ? 2 : 1;
    const normal = gaussian(11);
    const next = () => Float64Array.from({ length: channels }, normal);
    const first = detector.create(options, channels);
    // To midnight: a profile's visit under way is given up with a restart.
    let time = 0;
    for (; time < 4 * 86_400_000; time += STEP) first.update(next(), time);
    const packer = new Packer();
    first.pack(packer);
    const second = detector.create(options, channels);
    const unpacker = new Unpacker(packer.text());
    second.unpack(unpacker);
    unpacker.end();
    for (let i = 0; i < 600; i++, time += STEP) {
      const values = next();
      const expected = first.update(values, time)!;
      const got = second.update(values, time)!;
      expect(Math.abs(got - expected), `${i}: ${got}, ${expected}`).toBeLessThanOrEqual(
        1e-6 * Math.abs(expected) + 1e-9,
      );
    }
  });

  it("refuses what it never saved", () => {
    const { detector, options } = chooseDetector(id, {});
    const packer = new Packer();
    packer.all([-1, Number.NaN, 1e9]);
    const memory = detector.create(options, 1);
    expect(() => memory.unpack(new Unpacker(packer.text()))).toThrow(
      expect.objectContaining({ code: "EDGE_ML_STATE" }),
    );
  });

  it("describes itself: each option has a title, a default and a range", () => {
    const { detector } = chooseDetector(id, {});
    expect(detector.about).toMatch(/\.$/);
    for (const option of Object.values(detector.options.properties as Record<string, Record<string, unknown>>)) {
      expect(option).toHaveProperty("title");
      expect(option).toHaveProperty("default");
      const ranged = option.enum !== undefined || option.maxLength !== undefined;
      if (!ranged) expect(option).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
    }
  });

  it("refuses options that are out of range, naming them", () => {
    expect(() => chooseDetector(id, { [optionOf(id)]: -5 })).toThrow(
      expect.objectContaining({ code: "EDGE_ML_SETTING", details: expect.objectContaining({ field: optionOf(id) }) }),
    );
  });
});

it("a detector that is not there is named", () => {
  expect(() => chooseDetector("oracle", {})).toThrow(/"oracle".*one of knn, robust-z/);
});

function optionOf(id: string): string {
  const { properties } = chooseDetector(id, {}).detector.options as { properties: Record<string, { type: string }> };
  return Object.keys(properties).find((name) => properties[name]!.type !== "string")!;
}
