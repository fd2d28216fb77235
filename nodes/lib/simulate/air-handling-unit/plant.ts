import { type Commands, clamp } from "./controller.js";
import type { Effects } from "./faults.js";
import type { Schedule } from "./schedule.js";
import type { Weather } from "./weather.js";

/** Specific heat of air, kJ/(kg·K). */
const CP = 1.006;
/** Design supply air flow, kg/s: a zone of 1000 m², 3000 m³. */
const DESIGN_FLOW = 3.5;

/** Full stroke, s. */
const DAMPER_STROKE = 120;
const VALVE_STROKE = 90;
const FAN_RAMP = 40;

/** Water temperatures, °C, and number of transfer units of each coil at design flow and open valve. */
const HOT_WATER = 50;
const HEATING_NTU = 0.6;
const CHILLED_WATER = 7;
const COOLING_NTU = 1.4;
/** Thermal mass of a coil, s. */
const COIL_TIME = 60;
/** Time constant of the air and its sensor in a duct at design flow, and standing still, s. */
const DUCT_TIME = 25;
const STILL_TIME = 3600;
/** K at full speed. */
const FAN_HEAT = 0.8;

/** Pressures at design flow, Pa; each grows with the square of the flow. */
const FILTER = 120;
const DUCT = 350;
const OTHERS = 600;

/** The zone, in kW, kW/K and kJ/K. */
const ENVELOPE = 1.2;
const AIR_CAPACITY = 18_000;
const MASS_CAPACITY = 200_000;
const MASS_EXCHANGE = 8;
const GAINS_NIGHT = 2;
const GAINS_PEOPLE = 24;
const SUN = 20;
const RADIATOR = 45;

/**
 * The unit and its zone as a lumped model with sensible heat only: mixing box, heating coil, cooling coil, fan, and a
 * zone of air and building mass. Coils by effectiveness and number of transfer units with constant water temperature
 * (ASHRAE Handbook, Fundamentals, ch. 4); flow and pressures by the fan and system laws.
 * Temperatures in °C.
 */
export class Plant {
  outdoor: number;
  /** In the return duct. */
  return = 22;
  mixed = 20;
  supply = 20;
  zone = 22;
  /** kg/s */
  flow = 0;
  /** Pa */
  ductPressure = 0;
  filterPressure = 0;

  #damper = 0;
  #cooling = 0;
  #heating = 0;
  #fan = 0;
  /** K that each coil adds. */
  #heat = 0;
  #cold = 0;
  #mass = 22;

  constructor(outdoor: number) {
    this.outdoor = outdoor;
  }

  /** @param dt s */
  step(commands: Commands, weather: Weather, schedule: Schedule, faults: Effects, dt: number): void {
    this.outdoor = weather.temperature;
    this.#damper = faults.damperStuck ?? toward(this.#damper, commands.damper, dt / DAMPER_STROKE);
    this.#cooling = faults.coolingStuck ?? toward(this.#cooling, commands.cooling, dt / VALVE_STROKE);
    this.#heating = faults.heatingStuck ?? toward(this.#heating, commands.heating, dt / VALVE_STROKE);
    this.#fan = toward(this.#fan, commands.fan * faults.fan, dt / FAN_RAMP);
    this.#move(faults.filter);
    this.#condition(faults, dt);
    this.#heatZone(weather, schedule, dt);
  }

  /** Fan and system laws: the fan's pressure grows with speed², each resistance with flow². */
  #move(filter: number): void {
    const clean = FILTER + DUCT + OTHERS;
    const flow = this.#fan * Math.sqrt(clean / (clean + (filter - 1) * FILTER));
    this.flow = DESIGN_FLOW * flow;
    this.ductPressure = DUCT * flow * flow;
    this.filterPressure = FILTER * filter * flow * flow;
  }

  #condition(faults: Effects, dt: number): void {
    const flow = this.flow / DESIGN_FLOW;
    // The return air takes up some of the lights' heat on its way.
    this.return = duct(this.return, this.zone + 0.4, this.zone, flow, dt);
    // A closed damper still lets 2 % through.
    const fresh = 0.02 + 0.98 * this.#damper;
    const mix = this.return + fresh * (this.outdoor - this.return);
    this.mixed = duct(this.mixed, mix, 0.8 * this.zone + 0.2 * this.outdoor, flow, dt);

    const heat = effectiveness(HEATING_NTU, leaking(this.#heating, faults.heatingLeak), flow);
    this.#heat += (heat * (HOT_WATER - this.mixed) - this.#heat) * (dt / COIL_TIME);
    const heated = this.mixed + this.#heat;
    const cold = effectiveness(COOLING_NTU, leaking(this.#cooling, faults.coolingLeak), flow);
    this.#cold += (cold * (CHILLED_WATER - heated) - this.#cold) * (dt / COIL_TIME);
    const blown = heated + this.#cold + FAN_HEAT * this.#fan * this.#fan;
    this.supply = duct(this.supply, blown, this.zone, flow, dt);
  }

  #heatZone(weather: Weather, schedule: Schedule, dt: number): void {
    const gains = GAINS_NIGHT + GAINS_PEOPLE * schedule.people;
    const sun = SUN * weather.sun;
    // Radiators with thermostats: 1 K proportional band.
    const wanted = schedule.comfort ? 21.5 : 18;
    const radiator = RADIATOR * clamp(wanted + 0.5 - this.zone, 0, 1);
    const exchange = MASS_EXCHANGE * (this.#mass - this.zone);
    const air =
      this.flow * CP * (this.supply - this.zone) +
      ENVELOPE * (this.outdoor - this.zone) +
      exchange +
      gains +
      radiator +
      0.3 * sun;
    this.zone += (air / AIR_CAPACITY) * dt;
    this.#mass += ((0.7 * sun - exchange) / MASS_CAPACITY) * dt;
  }
}

/** An actuator that moves at constant speed. */
function toward(position: number, target: number, most: number): number {
  return position + clamp(target - position, -most, most);
}

/** What a valve lets through: a leak matters less the further it is open. */
function leaking(position: number, leak: number): number {
  return position + leak * (1 - position);
}

/** Of a coil with constant water temperature; the heat transfer grows with flow^0.6. */
function effectiveness(ntu: number, valve: number, flow: number): number {
  return 1 - Math.exp(-ntu * valve * Math.max(flow, 0.1) ** -0.4);
}

/** A duct's temperature: that of the air that flows in, and slowly that of the surroundings. Exact over a step. */
function duct(now: number, flowing: number, still: number, flow: number, dt: number): number {
  const fast = flow / DUCT_TIME;
  const slow = 1 / STILL_TIME;
  const target = (fast * flowing + slow * still) / (fast + slow);
  return target + (now - target) * Math.exp(-dt * (fast + slow));
}
