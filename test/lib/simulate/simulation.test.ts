import { describe, expect, it } from "vitest";
import { chooseMachine, Simulation } from "../../../nodes/lib/simulate/index.ts";

const START = new Date("2026-01-12T06:00").getTime();

const create = (interval = 60_000) =>
  new Simulation(
    chooseMachine("air-handling-unit"),
    { seed: 1, occupiedFrom: 7, occupiedTo: 18, workingDays: [1, 2, 3, 4, 5], interval },
    START,
  );

describe("Simulation", () => {
  it("reads at regular simulated times from its start on", () => {
    const simulation = create(90_000);
    expect([simulation.read().time, simulation.read().time, simulation.read().time]).toEqual([
      START,
      START + 90_000,
      START + 180_000,
    ]);
  });

  it("has a clock on the wall: the process's local time", () => {
    const simulation = create();
    expect(simulation.clock).toEqual({ day: 1, hour: 6, minute: 0 });
    for (let i = 0; i < 61; i++) simulation.read();
    expect(simulation.clock).toEqual({ day: 1, hour: 7, minute: 1 });
  });

  it("labels a reading with a fault only when it can show it", () => {
    const simulation = create();
    simulation.inject("missing-values", 1);
    expect(simulation.fault?.id).toBe("missing-values");
    // No time has passed since the fault began.
    expect(simulation.read()).toMatchObject({ label: "normal", values: { zone_temperature: expect.any(Number) } });
    const faulty = simulation.read();
    expect(faulty.label).toBe("missing-values");
    expect(faulty.values.zone_temperature ?? null).toBeNull();
    simulation.repair();
    expect(simulation.fault).toBeUndefined();
    expect(simulation.read()).toMatchObject({ label: "normal", values: { zone_temperature: expect.any(Number) } });
  });

  it("keeps the fault it has when the next one is refused", () => {
    const simulation = create();
    simulation.inject("fan-failed", 1);
    expect(() => simulation.inject("earthquake", 1)).toThrow(expect.objectContaining({ code: "EDGE_ML_COMMAND" }));
    expect(() => simulation.inject("damper-stuck", 7)).toThrow(expect.objectContaining({ code: "EDGE_ML_COMMAND" }));
    expect(simulation.fault?.id).toBe("fan-failed");
  });

  it("begins again as if nothing had been", () => {
    const simulation = create();
    const first = [simulation.read(), simulation.read()];
    simulation.inject("fan-failed", 1);
    simulation.read();
    simulation.reset(START);
    expect([simulation.read(), simulation.read()]).toEqual(first);
  });

  it("refuses a machine that there is not", () => {
    for (const id of ["reactor", "", "__proto__"]) {
      expect(() => chooseMachine(id)).toThrow(expect.objectContaining({ code: "EDGE_ML_SETTING" }));
    }
  });
});
