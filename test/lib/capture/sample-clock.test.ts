import { describe, expect, it } from "vitest";
import { SampleClock } from "../../../nodes/lib/capture/sample-clock.ts";

const START = 1_800_000_000_000;

/** 50 ms of sound each time, arriving when `late` says, in ms after it was due. */
function run(
  clock: SampleClock,
  time: { now: number },
  from: number,
  to: number,
  late: (chunk: number) => number,
): void {
  for (let chunk = from; chunk < to; chunk++) {
    time.now = START + 50 * (chunk + 1) + late(chunk);
    clock.arrived(800 * (chunk + 1));
  }
}

function clockOf(): [SampleClock, { now: number }] {
  const time = { now: START };
  return [new SampleClock(16_000, () => time.now), time];
}

describe("the clock of samples", () => {
  it("counts from the first arrival, whatever jitters", () => {
    const [clock, time] = clockOf();
    run(clock, time, 0, 2000, (chunk) => (chunk === 0 ? 0 : (chunk * 37) % 900));
    expect(clock.timeOf(0)).toBe(START);
    expect(clock.timeOf(800 * 1999)).toBe(START + 1999 * 50);
  });

  it("does not believe a burst after the process stood still", () => {
    const [clock, time] = clockOf();
    run(clock, time, 0, 200, () => 0);
    // 10 s late, all at once; then as before.
    run(clock, time, 200, 400, (chunk) => 10_000 - 50 * (chunk - 200));
    run(clock, time, 400, 800, () => 0);
    expect(clock.timeOf(0)).toBe(START);
  });

  it("counts anew when samples were lost and nobody said so", () => {
    const [clock, time] = clockOf();
    run(clock, time, 0, 200, () => 0);
    run(clock, time, 200, 600, () => 3000);
    expect(clock.timeOf(800 * 500)).toBe(START + 500 * 50 + 3000);
  });

  it("counts anew when the time of day is set, forth or back", () => {
    for (const shift of [86_400_000, -86_400_000]) {
      const [clock, time] = clockOf();
      run(clock, time, 0, 200, () => 0);
      run(clock, time, 200, 600, () => shift);
      expect(clock.timeOf(800 * 500)).toBe(START + 500 * 50 + shift);
    }
  });

  it("stays within 2 s of the time of day though the device runs 100 ppm too slow", () => {
    const [clock, time] = clockOf();
    const chunks = 24 * 3600 * 20;
    let most = 0;
    for (let from = 0; from < chunks; from += 20_000) {
      run(clock, time, from, from + 20_000, (chunk) => 50 * chunk * 1e-4);
      most = Math.max(most, Math.abs(time.now - clock.timeOf(800 * (from + 20_000))));
    }
    expect(most).toBeLessThan(2200);
  });

  it("moves on by what the recorder says was lost", () => {
    const [clock, time] = clockOf();
    run(clock, time, 0, 10, () => 0);
    clock.skip(123.5);
    expect(clock.timeOf(8000)).toBe(START + 500 + 123.5);
  });
});
