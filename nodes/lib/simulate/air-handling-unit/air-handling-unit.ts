import { describe, EdgeMlError } from "../../errors/index.js";
import type { Channel, Machine, MachineOptions, MachineType, Values } from "../machine.js";
import { Random } from "../random.js";
import { Controller } from "./controller.js";
import { type Effects, faults, HEALTHY } from "./faults.js";
import { Plant } from "./plant.js";
import { HOUR, Schedule } from "./schedule.js";
import { Weather } from "./weather.js";

/** ms of simulated time: the controller's scan, and the step of the integration. */
const STEP = 10_000;

interface ChannelModel extends Channel {
  /** Standard deviation of the sensor's noise; 0 for what the controller itself knows. */
  noise: number;
  decimals: number;
  value(unit: AirHandlingUnit): number;
}

const channels: readonly ChannelModel[] = [
  temperature("outdoor_air_temperature", 0.1, (unit) => unit.plant.outdoor),
  temperature("return_air_temperature", 0.08, (unit) => unit.plant.return),
  // A mixing box never mixes well: its sensor is the worst of all.
  temperature("mixed_air_temperature", 0.2, (unit) => unit.plant.mixed),
  temperature("supply_air_temperature", 0.08, (unit) => unit.plant.supply),
  temperature("supply_air_temperature_setpoint", 0, (unit) => unit.controller.setpoint),
  command("outdoor_air_damper", (unit) => unit.controller.commands.damper),
  command("cooling_valve", (unit) => unit.controller.commands.cooling),
  command("heating_valve", (unit) => unit.controller.commands.heating),
  command("fan_speed", (unit) => unit.controller.commands.fan),
  pressure("duct_static_pressure", 2, (unit) => unit.plant.ductPressure),
  pressure("filter_pressure_drop", 1, (unit) => unit.plant.filterPressure),
  temperature("zone_temperature", 0.08, (unit) => unit.plant.zone),
  { name: "occupied", unit: "", noise: 0, decimals: 0, value: (unit) => (unit.schedule.occupied ? 1 : 0) },
];

const OUTDOOR = indexOf("outdoor_air_temperature");
const RETURN = indexOf("return_air_temperature");
const SUPPLY = indexOf("supply_air_temperature");
const ZONE = indexOf("zone_temperature");

/**
 * A single-zone air handling unit with mixing box and economizer, heating and cooling coil, fan and filter, its
 * controller, its building and the weather. Dampers, valves and fan report what the controller commands, as real
 * building automation does: a stuck damper shows in the temperatures, not in its own channel.
 */
export const airHandlingUnit: MachineType = {
  id: "air-handling-unit",
  title: "Air handling unit",
  channels: channels.map(({ name, unit }) => ({ name, unit })),
  faults: faults.map(({ id, title, intensity }) => ({ id, title, intensity })),
  step: STEP,
  create: (options) => new AirHandlingUnit(options),
};

class AirHandlingUnit implements Machine {
  readonly controller = new Controller();
  readonly schedule: Schedule;
  readonly weather: Weather;
  readonly plant: Plant;

  readonly #offset: number;
  readonly #noise: Random;
  readonly #losses: Random;
  /** What the sensors show since the last scan. */
  readonly #measured = new Float64Array(channels.length);
  /** Per channel: 0 it came, 1 it came as null, 2 it did not come. */
  readonly #lost = new Uint8Array(channels.length);
  #time: number;
  #fault: { effects: (hours: number) => Partial<Effects>; since: number } | undefined;

  constructor(options: MachineOptions) {
    this.#offset = options.utcOffset * 60_000;
    this.schedule = new Schedule(options, STEP);
    this.weather = new Weather(options.seed, STEP);
    this.#noise = new Random(options.seed, "sensors");
    this.#losses = new Random(options.seed, "losses");
    // A few hours ahead, the building finds its own temperatures.
    this.#time = options.start - 4 * HOUR;
    this.weather.step(this.#time + this.#offset);
    this.plant = new Plant(this.weather.temperature);
    this.#scan(HEALTHY);
    this.#run(options.start);
  }

  read(time: number): Values {
    this.#run(time);
    const values: Values = {};
    for (let i = 0; i < channels.length; i++) {
      const { name, decimals } = channels[i]!;
      const lost = this.#lost[i];
      if (lost === 2) continue;
      values[name] = lost === 1 ? null : round(this.#measured[i]!, decimals);
    }
    return values;
  }

  inject(id: string, intensity: number): void {
    const fault = faults.find((one) => one.id === id);
    if (!fault) {
      const expected = `one of ${faults.map((one) => one.id).join(", ")}, or none`;
      throw new EdgeMlError("EDGE_ML_COMMAND", { field: "fault", got: describe(id), expected });
    }
    if (!(intensity >= 0 && intensity <= 1)) {
      const expected = "a number from 0 to 1";
      throw new EdgeMlError("EDGE_ML_COMMAND", { field: "intensity", got: describe(intensity), expected });
    }
    this.#fault = { effects: (hours) => fault.effects(intensity, hours), since: this.#time };
  }

  repair(): void {
    this.#fault = undefined;
  }

  #run(until: number): void {
    while (this.#time + STEP <= until) this.#step();
  }

  #step(): void {
    const dt = STEP / 1000;
    const effects = this.#fault
      ? { ...HEALTHY, ...this.#fault.effects((this.#time - this.#fault.since) / HOUR) }
      : HEALTHY;
    this.#time += STEP;
    const local = this.#time + this.#offset;
    this.weather.step(local);
    this.schedule.step(local);
    const measured = this.#measured;
    this.controller.step(
      { outdoor: measured[OUTDOOR]!, return: measured[RETURN]!, supply: measured[SUPPLY]!, zone: measured[ZONE]! },
      this.schedule.running,
      this.schedule.people,
      dt,
    );
    this.plant.step(this.controller.commands, this.weather, this.schedule, effects, dt);
    this.#scan(effects);
  }

  #scan(effects: Readonly<Effects>): void {
    for (let i = 0; i < channels.length; i++) {
      const { noise, unit, value } = channels[i]!;
      // Drawn even when it is not used: a faulty unit and its healthy twin then have the same noise.
      const error = noise === 0 ? 0 : noise * this.#noise.normal();
      this.#lost[i] = noise > 0 && effects.missing > 0 ? this.#lose(effects.missing) : 0;
      if (i === SUPPLY && effects.flat) continue;
      const shown = value(this) + error + (i === SUPPLY ? effects.drift : 0);
      this.#measured[i] = unit === "Pa" ? Math.max(0, shown) : shown;
    }
  }

  #lose(share: number): number {
    if (this.#losses.uniform() >= share) return 0;
    return this.#losses.uniform() < 0.5 ? 1 : 2;
  }
}

function temperature(name: string, noise: number, value: ChannelModel["value"]): ChannelModel {
  return { name, unit: "°C", noise, decimals: 2, value };
}

function command(name: string, value: ChannelModel["value"]): ChannelModel {
  return { name, unit: "", noise: 0, decimals: 3, value };
}

function pressure(name: string, noise: number, value: ChannelModel["value"]): ChannelModel {
  return { name, unit: "Pa", noise, decimals: 1, value };
}

function indexOf(name: string): number {
  return channels.findIndex((channel) => channel.name === name);
}

function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
