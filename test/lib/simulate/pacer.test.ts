import { describe, expect, it } from "vitest";
import { MAX_BURST, Pacer } from "../../../nodes/lib/simulate/index.ts";

describe("Pacer", () => {
  it("gives the first reading at once, then one per period", () => {
    const pacer = new Pacer(1000, 5000);
    expect(pacer.take(5000)).toBe(1);
    expect(pacer.take(5000)).toBe(0);
    expect(pacer.take(5999)).toBe(0);
    expect(pacer.take(6000)).toBe(1);
    expect(pacer.take(7900)).toBe(1);
    expect(pacer.take(8000)).toBe(1);
  });

  it.each([
    ["60 s of simulated time at speed 3600", 60_000 / 3600],
    ["at speed 100000", 60_000 / 100_000],
    ["a period that is no whole number", 1000 / 3],
  ])("does not drift, however uneven the timer is: %s", (_, period) => {
    const pacer = new Pacer(period, 0);
    let taken = 0;
    let now = 0;
    for (let i = 0; i < 10_000; i++) {
      now += 15 + ((i * 7919) % 23);
      taken += pacer.take(now);
      expect(Math.abs(taken - (Math.floor(now / period + 1e-6) + 1))).toBe(0);
    }
    expect(pacer.skipped).toBe(0);
  });

  it.each([
    ["a slow one catches up one reading", 60_000, 3_600_000, 1],
    ["a fast one catches up a second's worth", 20, 3_600_000, 50],
    ["a very fast one no more than the limit", 0.1, 3_600_000, MAX_BURST],
  ])("after a sleep, %s; the rest is counted", (_, period, sleep, most) => {
    const pacer = new Pacer(period, 0);
    const first = pacer.take(0);
    expect(first).toBe(1);
    expect(pacer.take(sleep)).toBe(most);
    expect(pacer.skipped).toBeCloseTo(sleep / period - most, -0.5);
    // … and it goes on from there.
    expect(pacer.take(sleep)).toBe(0);
    expect(pacer.take(sleep + period)).toBe(1);
  });

  it("gives nothing while the clock stands or goes back", () => {
    const pacer = new Pacer(10, 1000);
    pacer.take(1000);
    expect(pacer.take(900)).toBe(0);
    expect(pacer.take(1000)).toBe(0);
  });

  it.each([
    ["after a very short time, together", 0.6, 0, 20],
    ["at the next reading's time", 300, 100, 200],
    ["at once when it is late", 300, 900, 20],
    ["after a minute at most", 86_400_000, 0, 60_000],
  ])("says when to look again: %s", (_, period, now, wait) => {
    const pacer = new Pacer(period, 0);
    pacer.take(0);
    expect(pacer.wait(now)).toBe(wait);
  });
});
