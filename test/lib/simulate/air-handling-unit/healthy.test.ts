import { describe, expect, it } from "vitest";
import { chooseMachine, type MachineOptions, type MachineValues } from "../../../../nodes/lib/simulate/index.ts";

const type = chooseMachine("air-handling-unit");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Mondays. */
const SEASONS = { winter: "2026-01-12", spring: "2026-04-20", summer: "2026-07-06", autumn: "2026-10-12" };

const options = (start: string, more: Partial<MachineOptions> = {}): MachineOptions => ({
  seed: 1,
  start: Date.parse(`${start}T00:00Z`),
  utcOffset: 0,
  occupiedFrom: 7,
  occupiedTo: 18,
  workingDays: [1, 2, 3, 4, 5],
  ...more,
});

/** Complete readings at regular times. */
function run(choice: MachineOptions, days: number, interval: number) {
  const machine = type.create(choice);
  const rows: { time: number; hour: number; v: Record<string, number> }[] = [];
  for (let time = choice.start; time < choice.start + days * DAY; time += interval) {
    rows.push({ time, hour: ((time / HOUR) % 24) as number, v: machine.read(time) as Record<string, number> });
  }
  return rows;
}

const average = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

describe("a healthy air handling unit", () => {
  describe.each(Object.entries(SEASONS))("in %s", (season, start) => {
    const rows = run(options(start), 5, 60_000);
    const flowing = rows.filter(({ v, hour }) => v.occupied === 1 && hour >= 7.5);

    it("reports every channel as a finite number, positions within 0..1", () => {
      for (const { v } of rows) {
        expect(Object.keys(v)).toEqual(type.channels.map((channel) => channel.name));
        for (const { name, unit } of type.channels) {
          const value = v[name]!;
          if (!Number.isFinite(value)) expect.fail(`${name} is ${value}`);
          if (unit === "" && (value < 0 || value > 1)) expect.fail(`${name} is ${value}`);
          if (unit === "Pa" && (value < 0 || value > 1000)) expect.fail(`${name} is ${value}`);
          if (unit === "°C" && (value < -25 || value > 45)) expect.fail(`${name} is ${value}`);
        }
      }
    });

    it("mixes air between outdoor and return air, by the damper", () => {
      const errors: number[] = [];
      for (const { v } of flowing) {
        const low = Math.min(v.outdoor_air_temperature!, v.return_air_temperature!);
        const high = Math.max(v.outdoor_air_temperature!, v.return_air_temperature!);
        // 4.5 standard deviations of the sensor's noise, which also has its lag
        expect(v.mixed_air_temperature).toBeGreaterThan(low - 1.2);
        expect(v.mixed_air_temperature).toBeLessThan(high + 1.2);
        const fresh = 0.02 + 0.98 * v.outdoor_air_damper!;
        const mix = v.return_air_temperature! + fresh * (v.outdoor_air_temperature! - v.return_air_temperature!);
        errors.push(v.mixed_air_temperature! - mix);
      }
      expect(Math.abs(average(errors))).toBeLessThan(0.1);
    });

    it("holds the supply air at its set point in occupied hours", () => {
      const errors = flowing.map(({ v }) => Math.abs(v.supply_air_temperature! - v.supply_air_temperature_setpoint!));
      expect(average(errors)).toBeLessThan(0.25);
      expect(errors.filter((error) => error > 1).length / errors.length).toBeLessThan(0.01);
    });

    it("keeps the zone comfortable in occupied hours", () => {
      for (const { v } of flowing) {
        expect(v.zone_temperature).toBeGreaterThan(20);
        expect(v.zone_temperature).toBeLessThan(25);
      }
    });

    it("never heats and cools at once, and stands still at night", () => {
      for (const { v, hour } of rows) {
        expect(Math.min(v.heating_valve!, v.cooling_valve!)).toBe(0);
        if (hour > 1 && hour < 5) {
          expect(v.occupied).toBe(0);
          expect(v.fan_speed).toBe(0);
          expect(v.duct_static_pressure).toBeLessThan(12);
        }
      }
    });

    it("cools only when it must", () => {
      const cooling = average(flowing.map(({ v }) => v.cooling_valve!));
      if (season === "winter") expect(cooling).toBe(0);
      if (season === "summer") expect(cooling).toBeGreaterThan(0.3);
    });
  });

  it("has warmer days than nights, and a warmer summer than winter", () => {
    const winter = run(options(SEASONS.winter), 7, HOUR);
    const summer = run(options(SEASONS.summer), 7, HOUR);
    const at = (rows: typeof winter, hour: number) =>
      average(rows.filter((row) => row.hour === hour).map((row) => row.v.outdoor_air_temperature!));
    expect(at(summer, 15)).toBeGreaterThan(at(summer, 4) + 3);
    expect(at(winter, 15)).toBeGreaterThan(at(winter, 4) + 0.5);
    expect(at(summer, 12)).toBeGreaterThan(at(winter, 12) + 12);
  });

  it("follows the law of fan and system: pressure grows with the square of the speed", () => {
    const rows = run(options(SEASONS.summer), 5, 60_000).filter(({ v, hour }) => v.occupied === 1 && hour >= 7.5);
    const speeds = rows.map(({ v }) => v.fan_speed!);
    expect(Math.max(...speeds) - Math.min(...speeds)).toBeGreaterThan(0.15);
    for (const name of ["duct_static_pressure", "filter_pressure_drop"] as const) {
      const ratios = rows.map(({ v }) => v[name]! / v.fan_speed! ** 2);
      const mean = average(ratios);
      expect(mean).toBeCloseTo(name === "duct_static_pressure" ? 350 : 120, -1);
    }
  });

  it("keeps the hours and days that are set", () => {
    const rows = run(options("2026-01-12", { occupiedFrom: 9.5, occupiedTo: 13, workingDays: [2, 0] }), 7, 600_000);
    for (const { time, hour, v } of rows) {
      const day = new Date(time).getUTCDay();
      expect(v.occupied).toBe((day === 2 || day === 0) && hour >= 9.5 && hour < 13 ? 1 : 0);
    }
  });

  it("keeps the clock on the wall", () => {
    const choice = options("2026-01-12", { utcOffset: -300 });
    const machine = type.create(choice);
    // 07:00 five hours behind UTC is 12:00 UTC.
    expect(machine.read(choice.start + 12 * HOUR - 60_000).occupied).toBe(0);
    expect(machine.read(choice.start + 12 * HOUR).occupied).toBe(1);
  });

  it("runs without people when no day is a working day", () => {
    const rows = run(options(SEASONS.winter, { workingDays: [] }), 3, HOUR);
    expect(rows.every(({ v }) => v.occupied === 0 && v.fan_speed === 0)).toBe(true);
  });

  it("stays finite and bounded over a year", () => {
    const choice = options("2026-01-01");
    const machine = type.create(choice);
    for (let time = choice.start; time < choice.start + 365 * DAY; time += HOUR) {
      for (const [name, value] of Object.entries(machine.read(time))) {
        if (!(Math.abs(value!) < 1000)) expect.fail(`${name} is ${value} at ${new Date(time).toISOString()}`);
      }
    }
  }, 60_000);
});

describe("determinism", () => {
  it("gives the same readings for the same seed", () => {
    expect(run(options(SEASONS.spring), 2, 60_000)).toEqual(run(options(SEASONS.spring), 2, 60_000));
  });

  it.each([0, 2, -1, 2 ** 31, 2 ** 40 + 1, 1.5e15])("gives other weather and noise for seed %d", (seed) => {
    const one = run(options(SEASONS.spring), 1, HOUR);
    const other = run(options(SEASONS.spring, { seed }), 1, HOUR);
    const same = one.filter(({ v }, i) => v.outdoor_air_temperature === other[i]!.v.outdoor_air_temperature);
    expect(same.length).toBeLessThan(3);
  });

  it("differs for seeds that differ only above 32 bits", () => {
    const one = run(options(SEASONS.spring, { seed: 7 }), 1, HOUR);
    expect(run(options(SEASONS.spring, { seed: 7 + 2 ** 32 }), 1, HOUR)).not.toEqual(one);
  });

  it.each([10_000, 15_000, 60_000, 7_000, 3_600_000])(
    "does not depend on the interval between the readings: %d ms",
    (interval) => {
      const choice = options(SEASONS.spring);
      const often = type.create(choice);
      const seldom = type.create(choice);
      const end = choice.start + 12 * HOUR;
      for (let time = choice.start; time < end; time += interval) often.read(time);
      expect(often.read(end)).toEqual(seldom.read(end));
    },
  );

  it("repeats the last scan when it is read twice or backwards", () => {
    const choice = options(SEASONS.spring);
    const machine = type.create(choice);
    const values: MachineValues = machine.read(choice.start + HOUR);
    expect(machine.read(choice.start + HOUR)).toEqual(values);
    expect(machine.read(choice.start)).toEqual(values);
  });
});
