import { describe, expect, it } from "vitest";
import { chooseMachine, type MachineOptions, type MachineValues } from "../../../../nodes/lib/simulate/index.ts";

const type = chooseMachine("air-handling-unit");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;

const WINTER = "2026-01-12";
const SUMMER = "2026-07-06";

function options(start: string, seed: number): MachineOptions {
  return {
    seed,
    start: Date.parse(`${start}T00:00Z`),
    utcOffset: 0,
    occupiedFrom: 7,
    occupiedTo: 18,
    workingDays: [1, 2, 3, 4, 5],
  };
}

/** The second day's occupied hours of a unit and its healthy twin; the fault begins at 8:00. */
function twins(start: string, fault: string, intensity: number, seed: number) {
  const choice = options(start, seed);
  const faulty = type.create(choice);
  const healthy = type.create(choice);
  const begin = choice.start + DAY + 8 * HOUR;
  const before: [MachineValues, MachineValues] = [faulty.read(begin), healthy.read(begin)];
  faulty.inject(fault, intensity);
  const rows: { faulty: MachineValues; healthy: MachineValues }[] = [];
  for (let time = begin + MINUTE; time < begin + 10 * HOUR; time += MINUTE) {
    rows.push({ faulty: faulty.read(time), healthy: healthy.read(time) });
  }
  // The first two hours are the way there.
  const settled = rows.slice(120);
  /** How much higher the faulty unit reads, on average. */
  const more = (channel: string) =>
    settled.reduce((sum, row) => sum + row.faulty[channel]! - row.healthy[channel]!, 0) / settled.length;
  const mean = (channel: string) => settled.reduce((sum, row) => sum + row.faulty[channel]!, 0) / settled.length;
  return { before, rows, more, mean };
}

/** Channel, and by how much the faulty unit's average differs at least; a bound below 0 is a fall. 0: hardly any. */
type Signature = [channel: string, least: number][];

const signatures: [title: string, season: string, fault: string, intensity: number, signature: Signature][] = [
  // Too much cold air: the mixed air falls, and the heating must work.
  [
    "damper stuck open",
    WINTER,
    "damper-stuck",
    0.7,
    [
      ["mixed_air_temperature", -3],
      ["heating_valve", 0.1],
    ],
  ],
  // Too little: the mixed air stays warm, and cold outdoor air cannot cool.
  [
    "damper stuck closed",
    WINTER,
    "damper-stuck",
    0,
    [
      ["mixed_air_temperature", 1],
      ["cooling_valve", 0.02],
    ],
  ],
  [
    "heating valve leaking",
    SUMMER,
    "heating-valve-leaking",
    0.7,
    [
      ["cooling_valve", 0.1],
      ["supply_air_temperature", 0],
    ],
  ],
  // In winter the economizer takes more cold air instead.
  [
    "heating valve leaking",
    WINTER,
    "heating-valve-leaking",
    0.5,
    [
      ["outdoor_air_damper", 0.15],
      ["mixed_air_temperature", -2],
      ["supply_air_temperature", 0],
    ],
  ],
  [
    "cooling valve leaking",
    WINTER,
    "cooling-valve-leaking",
    0.7,
    [
      ["heating_valve", 0.02],
      ["supply_air_temperature", 0],
    ],
  ],
  ["cooling valve stuck open", WINTER, "cooling-valve-stuck", 0.7, [["heating_valve", 0.2]]],
  [
    "cooling valve stuck closed",
    SUMMER,
    "cooling-valve-stuck",
    0,
    [
      ["supply_air_temperature", 4],
      ["zone_temperature", 0.5],
      ["fan_speed", 0.1],
    ],
  ],
  ["heating valve stuck open", SUMMER, "heating-valve-stuck", 0.7, [["cooling_valve", 0.2]]],
  // The reading is held at its set point, so the air is colder than it says: the unit mixes it colder.
  [
    "sensor drift",
    WINTER,
    "sensor-drift",
    0.7,
    [
      ["mixed_air_temperature", -1.5],
      ["outdoor_air_damper", 0.05],
      ["supply_air_temperature", 0],
    ],
  ],
  [
    "filter clogged",
    WINTER,
    "filter-clogged",
    0.7,
    [
      ["filter_pressure_drop", 60],
      ["duct_static_pressure", -20],
    ],
  ],
  [
    "filter clogged",
    SUMMER,
    "filter-clogged",
    0.7,
    [
      ["filter_pressure_drop", 60],
      ["fan_speed", 0.02],
    ],
  ],
  [
    "fan failed",
    WINTER,
    "fan-failed",
    1,
    [
      ["duct_static_pressure", -60],
      ["filter_pressure_drop", -20],
      ["fan_speed", 0],
    ],
  ],
  [
    "fan losing speed",
    SUMMER,
    "fan-failed",
    0.4,
    [
      ["duct_static_pressure", -50],
      ["fan_speed", 0.05],
    ],
  ],
];

describe("the faults of an air handling unit", () => {
  it.each(signatures)("%s (%s): shows where physics says", (_, season, fault, intensity, signature) => {
    for (const seed of [1, 2]) {
      const { before, more } = twins(season, fault, intensity, seed);
      expect(before[0]).toEqual(before[1]);
      for (const [channel, least] of signature) {
        const difference = more(channel);
        if (least > 0) expect(difference, channel).toBeGreaterThan(least);
        else if (least < 0) expect(difference, channel).toBeLessThan(least);
        else expect(Math.abs(difference), channel).toBeLessThan(0.15);
      }
    }
  });

  it("does not touch what a fault has nothing to do with: the weather, the people, and their noise", () => {
    for (const { id } of type.faults.filter((fault) => fault.id !== "missing-values")) {
      const { rows } = twins(WINTER, id, 0.7, 3);
      for (const { faulty, healthy } of rows) {
        expect(faulty.outdoor_air_temperature).toBe(healthy.outdoor_air_temperature);
        expect(faulty.occupied).toBe(healthy.occupied);
      }
    }
  });

  it("changes nothing at intensity 0", () => {
    const without = [
      "cooling-valve-leaking",
      "heating-valve-leaking",
      "sensor-drift",
      "filter-clogged",
      "fan-failed",
      "missing-values",
    ];
    for (const fault of without) {
      const { rows } = twins(SUMMER, fault, 0, 1);
      for (const { faulty, healthy } of rows) expect(faulty).toEqual(healthy);
    }
  });

  it("drifts slowly, up to its end", () => {
    const choice = options(SUMMER, 1);
    const machine = type.create(choice);
    const healthy = type.create(choice);
    // At night nothing controls, so the sensor shows the drift itself.
    machine.inject("sensor-drift", 0.5);
    const offset = (hours: number) => {
      const time = choice.start + hours * HOUR;
      return machine.read(time).supply_air_temperature! - healthy.read(time).supply_air_temperature!;
    };
    expect(offset(0.1)).toBeCloseTo(0.05, 1);
    expect(offset(2)).toBeCloseTo(1, 1);
    expect(offset(5)).toBeCloseTo(2.5, 1);
    expect(offset(6)).toBeCloseTo(2.5, 1);
  });

  it("flat-lines: the sensor repeats its last value to the last digit, the others go on", () => {
    const { rows, before } = twins(SUMMER, "sensor-flat-lined", 0.3, 1);
    expect(new Set(rows.map((row) => row.faulty.supply_air_temperature))).toEqual(
      new Set([before[0].supply_air_temperature]),
    );
    expect(new Set(rows.map((row) => row.faulty.return_air_temperature)).size).toBeGreaterThan(50);
  });

  it.each([0.1, 0.7, 1])("loses a share of %d of the sensor values, as null or not at all, and no command", (share) => {
    const { rows } = twins(WINTER, "missing-values", share, 1);
    let missing = 0;
    let nulls = 0;
    const sensors = type.channels.filter(({ name, unit }) => unit !== "" && !name.endsWith("setpoint"));
    for (const { faulty, healthy } of rows) {
      for (const { name } of sensors) {
        if (!Object.hasOwn(faulty, name)) missing++;
        else if (faulty[name] === null) nulls++;
        // What does come is right: the controller is not affected.
        else expect(faulty[name]).toBe(healthy[name]);
      }
      for (const name of ["occupied", "fan_speed", "supply_air_temperature_setpoint"]) {
        expect(faulty[name]).toBe(healthy[name]);
      }
    }
    const all = rows.length * sensors.length;
    expect(Math.abs((missing + nulls) / all - share)).toBeLessThan(0.03);
    expect(missing).toBeGreaterThan(all * share * 0.4);
    expect(nulls).toBeGreaterThan(all * share * 0.4);
  });

  it("recovers when it is repaired", () => {
    const choice = options(WINTER, 1);
    const faulty = type.create(choice);
    const healthy = type.create(choice);
    faulty.read(choice.start + 8 * HOUR);
    faulty.inject("damper-stuck", 0.7);
    faulty.read(choice.start + 10 * HOUR);
    faulty.repair();
    const time = choice.start + 2 * DAY + 12 * HOUR;
    const [a, b] = [faulty.read(time), healthy.read(time)];
    for (const { name, unit } of type.channels) {
      const allowed = unit === "Pa" ? 5 : unit === "" ? 0.05 : 0.5;
      expect(Math.abs(a[name]! - b[name]!), name).toBeLessThan(allowed);
    }
  });

  it("replaces one fault by the next", () => {
    const choice = options(WINTER, 1);
    const one = type.create(choice);
    const two = type.create(choice);
    one.inject("filter-clogged", 1);
    one.inject("missing-values", 0);
    expect(one.read(choice.start + 12 * HOUR)).toEqual(two.read(choice.start + 12 * HOUR));
  });

  it("stays finite in every fault, at the worst, for a week in each season", () => {
    for (const { id } of type.faults) {
      for (const start of [WINTER, SUMMER]) {
        const choice = options(start, 1);
        const machine = type.create(choice);
        machine.inject(id, 1);
        for (let time = choice.start; time < choice.start + 7 * DAY; time += HOUR / 2) {
          for (const [name, value] of Object.entries(machine.read(time))) {
            if (value !== null && !(Math.abs(value) < 1000)) expect.fail(`${id}: ${name} is ${value}`);
          }
        }
      }
    }
  });

  it.each([
    ["an unknown fault", "earthquake", 0.5, "fault"],
    ["__proto__", "__proto__", 0.5, "fault"],
    ["an intensity above 1", "damper-stuck", 1.01, "intensity"],
    ["an intensity below 0", "damper-stuck", -0.1, "intensity"],
    ["NaN", "damper-stuck", Number.NaN, "intensity"],
    ["Infinity", "damper-stuck", Number.POSITIVE_INFINITY, "intensity"],
  ])("refuses %s", (_, fault, intensity, field) => {
    const machine = type.create(options(WINTER, 1));
    expect(() => machine.inject(fault, intensity)).toThrow(
      expect.objectContaining({ code: "EDGE_ML_COMMAND", details: expect.objectContaining({ field }) }),
    );
  });
});
