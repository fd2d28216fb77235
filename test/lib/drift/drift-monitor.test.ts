import { describe, expect, it } from "vitest";
import { DriftMonitor, type DriftReport } from "../../../nodes/lib/drift/index.ts";
import { ar, frame, monitorOf, normal, type Row, rowsOf } from "./support.ts";

/** Looks every so many frames, as a status does, and remembers the worst. */
function watch(
  monitor: DriftMonitor,
  next: Row,
  frames: number,
  every = 50,
): { levels: Set<string>; last: DriftReport } {
  const levels = new Set<string>();
  for (let i = 1; i <= frames; i++) {
    monitor.add(frame(next()));
    if (i % every === 0) levels.add(monitor.report()!.level);
  }
  return { levels, last: monitor.report()! };
}

/** On how many of the seeds a level but "none" was ever seen. */
function falseReports(
  seeds: number,
  sources: (seed: number) => (() => number)[],
  trained: number,
  frames = 3000,
): number {
  let found = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const next = rowsOf(sources(seed));
    const { levels } = watch(monitorOf(next, trained), next, frames);
    if (levels.size > 1 || !levels.has("none")) found++;
  }
  return found;
}

const many = (count: number, source: (i: number) => () => number) => Array.from({ length: count }, (_, i) => source(i));

describe("where nothing has changed, no drift is reported by chance", () => {
  // 20 looks at 24 features each.
  it.each([
    ["1000 training frames", 1000],
    ["100", 100],
    ["20", 20],
  ])("independent frames, %s", (_, trained) => {
    expect(falseReports(60, (seed) => many(24, (i) => normal(1000 * seed + i)), trained, 1000)).toBe(0);
  });

  it("the plain rule would report it", () => {
    let found = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const next = rowsOf(many(24, (i) => normal(1000 * seed + i)));
      const { last } = watch(monitorOf(next, 1000), next, 50);
      // What was subtracted: the expectation by chance.
      if (last.features[0]!.psi + 9 * (1 / 50 + 1 / 1000) >= 0.25) found++;
    }
    expect(found).toBeGreaterThan(14);
  });

  it("frames of which each is like the one before (ρ = 0.9)", () => {
    // Of 20 × 24 features; how much they repeat each other is itself an estimate.
    expect(falseReports(20, (seed) => many(24, (i) => ar(1000 * seed + i, 0.9)), 1000)).toBeLessThanOrEqual(1);
  });

  it("windows that overlap by nine tenths", () => {
    const overlapping = (seed: number) => {
      const next = normal(seed);
      const window = Array.from({ length: 10 }, next);
      return () => {
        window.shift();
        window.push(next());
        return window.reduce((sum, each) => sum + each, 0);
      };
    };
    expect(falseReports(20, (seed) => many(24, (i) => overlapping(1000 * seed + i)), 1000)).toBe(0);
  });

  it("days, of which the first night is not strange", () => {
    const daily = (seed: number) => {
      const next = normal(seed);
      let i = 0;
      return () => 2 * Math.sin((2 * Math.PI * i++) / 144) + 0.5 * next();
    };
    expect(falseReports(40, (seed) => many(6, (i) => daily(1000 * seed + i)), 1008)).toBe(0);
  });
});

describe("what has changed is reported", () => {
  const next = () => rowsOf(many(24, (i) => normal(i + 1)));
  const shifted =
    (row: Row, by: number): Row =>
    () => {
      const values = row();
      values[5]! += by;
      values[9]! += by / 10;
      return values;
    };

  it.each([
    // Half a standard deviation: the index is 0.23; one: 0.93.
    [0.6, 400],
    [1, 150],
    [10, 50],
  ])("a shift by %d standard deviations within %d frames, the feature that drifts most first", (by, frames) => {
    const row = next();
    const monitor = monitorOf(row, 1000);
    const { last } = watch(monitor, shifted(row, by), frames);
    expect(last.level).toBe("strong");
    expect(last.features[0]).toMatchObject({ name: "f5", level: "strong" });
    expect(last.features.length).toBe(10);
    expect(last.features.slice(1).every(({ psi }, i) => i === 0 || psi <= last.features[i]!.psi)).toBe(true);
  });

  it("with the index of the whole distribution, however many frames came", () => {
    const row = next();
    const monitor = monitorOf(row, 5000);
    const { last } = watch(monitor, shifted(row, 0.5), 5000);
    // scipy: deciles of N(0, 1) against the same bins of N(0.5, 1): Σ (p − q) ln(p / q) = 0.234
    expect(last.features[0]!.psi).toBeGreaterThan(0.19);
    expect(last.features[0]!.psi).toBeLessThan(0.28);
  });

  it("and is over some time after it is over", () => {
    const row = next();
    const monitor = monitorOf(row, 500);
    expect(watch(monitor, shifted(row, 3), 500).last.level).toBe("strong");
    expect(watch(monitor, row, 4000).last.level).toBe("none");
  });

  it("in a feature that never changed before", () => {
    const constant = () => 20;
    const monitor = monitorOf(rowsOf([normal(1), constant]), 1000);
    expect(watch(monitor, rowsOf([normal(2), constant]), 300).last.level).toBe("none");
    const { last } = watch(monitor, rowsOf([normal(3), () => 21]), 300);
    expect(last.features[0]).toMatchObject({ name: "f1", level: "strong" });
  });

  it("also of frames far outside of all that ever was, when these hardly move", () => {
    const slow = ar(5, 0.999);
    const monitor = monitorOf(rowsOf([slow]), 1000);
    const { last } = watch(monitor, rowsOf([() => slow() + 50]), 1000);
    expect(last.level).toBe("strong");
  });
});

describe("a drift monitor", () => {
  it("says since when it counts, and how many frames", () => {
    const monitor = monitorOf(rowsOf([normal(1)]), 100);
    expect(monitor.report()).toBeUndefined();
    monitor.add(frame(Float32Array.of(0), { start: 5000 }));
    monitor.add(frame(Float32Array.of(0), { start: 6000 }));
    expect(monitor.report()).toMatchObject({ since: 5000, frames: 2, level: "none" });
  });

  it("is none for a model that does not say what it learned from, or says what makes no sense", () => {
    expect(DriftMonitor.of({ frames: 10, features: [{ name: "a" }] })).toBeUndefined();
    const bins = { edges: [1], shares: [1], repeats: { mean: 1, most: 1 } };
    expect(DriftMonitor.of({ frames: 10, features: [{ name: "a", bins }] })).toBeUndefined();
  });

  it("counts windows that overlap more than in training for less, each stream for itself", () => {
    const drifts = (step: number, streams: string[]) => {
      const monitor = monitorOf(rowsOf([normal(1)]), 1000, { hop: 100 });
      for (let i = 0; i < 200; i++) {
        for (const stream of streams) monitor.add(frame(Float32Array.of(9), { stream, position: i * step }));
      }
      return monitor.report()!.level;
    };
    expect(drifts(100, ["a"])).toBe("strong");
    // 200 windows with as many samples as 2 had.
    expect(drifts(1, ["a"])).toBe("none");
    expect(drifts(100, ["a", "b"])).toBe("strong");
    expect(drifts(1, ["a", "b"])).toBe("none");
  });

  it("takes frames of a training of which only some were kept for as many fewer", () => {
    const level = (stride: number) => {
      const monitor = monitorOf(rowsOf([normal(1)]), 1000, { stride });
      for (let i = 0; i < 40; i++) monitor.add(frame(Float32Array.of(9)));
      return monitor.report()!.level;
    };
    expect(level(1)).toBe("strong");
    expect(level(20)).toBe("none");
  });

  it("goes on beyond what its growing weights can hold", () => {
    const row = rowsOf([normal(1)]);
    const monitor = monitorOf(row, 100);
    // e^(n / 500) leaves float64 after 355,000 frames.
    for (let i = 0; i < 400_000; i++) monitor.add(frame(row()));
    const { psi, level } = monitor.report()!.features[0]!;
    expect(Number.isFinite(psi)).toBe(true);
    expect(level).toBe("none");
  });
});
