/** What each detector is there for, and how it takes what stays. */
import { describe, expect, it } from "vitest";
import { readReading } from "../../../nodes/lib/frame/index.ts";
import { detection, feed, gaussian, marked, START, STEP, series, uniform } from "./support.ts";

const DAY = 86_400_000;
const PER_DAY = DAY / STEP;

/** Indices from `first` on. */
const from = (indices: readonly number[], first: number) => indices.filter((i) => i >= first);

describe.each(["robust-z", "ewma", "knn"])("%s", (id) => {
  it("marks a spike at once, and is not blind for the next one", () => {
    const normal = gaussian(1);
    const values = series(1200, (i) => (i === 1000 || i === 1100 ? 15 : 0) + normal());
    const found = marked(feed(detection(id), values));
    expect(found).toContain(1000);
    expect(found).toContain(1100);
  });

  it("marks a step, and takes the new level as normal in time", () => {
    const normal = gaussian(2);
    const values = series(2500, (i) => (i < 1000 ? 0 : 12) + normal());
    const found = marked(feed(detection(id), values));
    expect(found).toContain(1000);
    expect(from(found, 1300).length).toBeLessThan(0.01 * 1200);
  });

  it("keeps an anomaly that repeats a while from becoming normal at once", () => {
    const normal = gaussian(3);
    const values = series(1300, (i) => (i >= 1000 && i % 40 === 0 ? 15 : 0) + normal());
    const found = marked(feed(detection(id, id === "knn" ? { neighbours: 5, length: 8 } : {}), values));
    expect([1000, 1040, 1080].filter((i) => found.includes(i))).toEqual([1000, 1040, 1080]);
  });
});

it("robust-z is not moved by outliers in two of five readings", () => {
  const normal = gaussian(4);
  const values = series(1200, (i) => (i >= 800 && i < 1000 && i % 5 < 2 ? 50 : 0) + normal());
  const detected = feed(detection("robust-z"), values);
  // The usual ones among them stay usual.
  expect(marked(detected).filter((i) => i >= 800 && i < 1000 && i % 5 >= 2)).toEqual([]);
  expect(marked(detected)).toContain(800);
});

it("ewma follows a slow drift without a word", () => {
  const normal = gaussian(5);
  const found = marked(
    feed(
      detection("ewma"),
      series(5000, (i) => 0.02 * i + normal()),
    ),
  );
  expect(found.length).toBeLessThan(0.007 * 5000);
});

describe("cusum", () => {
  const shifted = (seed: number) => {
    const normal = gaussian(seed);
    return series(2600, (i) => (i < 2000 ? 0 : 1) + normal());
  };

  it("finds a shift of one standard deviation that no single reading shows", () => {
    const found = from(marked(feed(detection("cusum"), shifted(6))), 2000);
    expect(found[0]).toBeLessThan(2000 + 60);
    const single = from(marked(feed(detection("robust-z"), shifted(6))), 2000).filter((i) => i < 2060);
    expect(single.length).toBeLessThanOrEqual(1);
  });

  it("takes the shift as normal after its alarm", () => {
    const found = from(marked(feed(detection("cusum"), shifted(7))), 2250);
    expect(found.length).toBeLessThan(0.02 * 350);
  });

  it("finds shifts downwards, too", () => {
    const found = marked(
      feed(
        detection("cusum"),
        shifted(8).map((value) => -value),
      ),
    );
    expect(from(found, 2000)[0]).toBeLessThan(2000 + 60);
  });
});

describe("seasonal", () => {
  const utc = { timeZone: "UTC" };
  /** High in working hours. */
  const load = (normal: () => number) => (i: number) => (i % PER_DAY >= 96 && i % PER_DAY < 216 ? 100 : 10) + normal();

  it("marks a usual value at an unusual time, and not the flanks of every day", () => {
    const normal = gaussian(9);
    const day = load(normal);
    const nightly = 12 * PER_DAY + 20;
    const values = series(14 * PER_DAY, (i) => (i >= nightly && i < nightly + 6 ? 100 + normal() : day(i)));
    const found = marked(feed(detection("seasonal", utc), values));
    expect(found).toContain(nightly);
    expect(found.filter((i) => i < nightly || i >= nightly + 6).length).toBeLessThan(0.007 * values.length);
    // No wonder to one that knows values only.
    expect(marked(feed(detection("robust-z", { window: 2000 }), values))).not.toContain(nightly + 3);
  });

  it("says nothing before a slot was seen on three days", () => {
    const detected = feed(detection("seasonal", utc), series(5 * PER_DAY, load(gaussian(10))));
    const first = detected.findIndex((each) => each !== undefined);
    expect(first).toBeGreaterThanOrEqual(3 * PER_DAY + 100);
    expect(first).toBeLessThan(3 * PER_DAY + 110);
  });

  it("knows weekends when it is told so", () => {
    const normal = gaussian(11);
    // A Monday's midnight is the start.
    const office = (i: number) => (Math.floor(i / PER_DAY) % 7 < 5 ? load(normal)(i) : 10 + normal());
    const sunday = 34 * PER_DAY + 120;
    const values = series(35 * PER_DAY, (i) => (i >= sunday && i < sunday + 4 ? 100 : office(i)));
    const cycle = "workday or weekend";
    const found = marked(feed(detection("seasonal", { ...utc, cycle }), values));
    expect(found).toContain(sunday + 1);
    const flat = marked(feed(detection("seasonal", utc), values));
    expect(flat).not.toContain(sunday + 1);
  });

  it("goes by the clock on the wall when summer time begins", () => {
    // Works from 8 to 18 by the clock of Berlin; summer time begins on 29 March 2026.
    const start = Date.UTC(2026, 2, 15, 23);
    const normal = gaussian(12);
    const values = series(20 * PER_DAY, (i) => {
      const time = start + i * STEP;
      const offset = time >= Date.UTC(2026, 2, 29, 1) ? 2 : 1;
      const hour = (time / 3_600_000 + offset) % 24;
      return (hour >= 8 && hour < 18 ? 100 : 10) + normal();
    });
    const after = Math.round((Date.UTC(2026, 2, 29, 2) - start) / STEP);
    const local = feed(detection("seasonal", { timeZone: "Europe/Berlin" }), values, start);
    expect(from(marked(local), after).length).toBeLessThan(0.01 * (values.length - after));
    const fixed = feed(detection("seasonal", utc), values, start);
    expect(from(marked(fixed), after).length).toBeGreaterThan(12);
  });

  it("refuses a time zone that is none", () => {
    expect(() => detection("seasonal", { timeZone: "Mars/Base" })).toThrow(/Mars\/Base/);
  });
});

describe("a course that was not there before", () => {
  /** A cycle of 25 readings. */
  const cycle = (i: number) => 10 * Math.sin((2 * Math.PI * i) / 25);

  it.each(["knn", "matrix-profile"])("is marked by %s: a stroke that is missing", (id) => {
    const normal = gaussian(13);
    const values = series(2000, (i) => (i >= 1500 && i < 1525 ? 0 : cycle(i)) + 0.5 * normal());
    const found = marked(feed(detection(id), values));
    expect(found.some((i) => i >= 1500 && i < 1545)).toBe(true);
    // Each of these values is among the most usual ones.
    expect(marked(feed(detection("robust-z"), values)).some((i) => i >= 1500 && i < 1525)).toBe(false);
  });

  it("is not marked by matrix-profile only because the level moved", () => {
    const normal = gaussian(14);
    const values = series(2400, (i) => cycle(i) + 0.5 * normal() + (i < 1500 ? 0 : 0.05 * (i - 1500)));
    const found = from(marked(feed(detection("matrix-profile"), values)), 1500);
    expect(found.length).toBeLessThan(0.02 * 900);
  });

  it("is known to matrix-profile when only its size differs, if it may", () => {
    const normal = gaussian(15);
    const values = series(2000, (i) => cycle(i) * (i < 1500 ? 1 : 2) + 0.3 * normal());
    const level = from(marked(feed(detection("matrix-profile"), values)), 1500).filter((i) => i < 1560);
    const size = from(marked(feed(detection("matrix-profile", { ignore: "level and size" }), values)), 1520);
    expect(level.length).toBeGreaterThan(5);
    expect(size.filter((i) => i < 1560).length).toBeLessThan(level.length);
  });
});

describe("half-space trees", () => {
  it("mark a combination of usual values, and name the stream's channels", () => {
    const normal = gaussian(16);
    const random = uniform(16);
    const detector = detection("half-space-trees");
    const wrong: number[] = [];
    for (let i = 0; i < 3000; i++) {
      // A fan at all speeds; then one that draws current and moves little air.
      const belt = i < 2600 || i >= 2620;
      const current = belt ? 100 * random() : 80 + 5 * normal();
      const flow = belt ? current + 2 * normal() : 20 + 2 * normal();
      const [said] = detector.push(
        readReading({ payload: { current, flow, other: normal() }, timestamp: START + i * STEP }, 0),
      );
      if (said?.payload.score != null && (said.payload as { anomalous: boolean }).anomalous) {
        wrong.push(i);
        const { contributions } = said.payload as { contributions: { channel: string; share: number }[] };
        expect(contributions.map(({ channel }) => channel).sort()).toEqual(["current", "flow", "other"]);
        expect(contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }
    expect(wrong.filter((i) => i >= 2600 && i < 2620).length).toBeGreaterThan(2);
    expect(wrong.filter((i) => i < 2600).length).toBeLessThan(0.01 * 2600);
  });

  it("learn a level that stays with the next windows", () => {
    const normal = gaussian(17);
    const found = marked(
      feed(
        detection("half-space-trees"),
        series(4000, (i) => (i < 1500 ? 0 : 40) + normal()),
      ),
    );
    expect(found).toContain(1500);
    expect(from(found, 2300).length).toBeLessThan(0.01 * 1700);
  });
});
