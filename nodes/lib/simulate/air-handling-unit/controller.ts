/** What the controller reads; °C. */
export interface Measured {
  outdoor: number;
  return: number;
  supply: number;
  zone: number;
}

/** What it commands: positions and speed 0..1. */
export interface Commands {
  damper: number;
  cooling: number;
  heating: number;
  fan: number;
}

/** The least of outdoor air while the unit runs, as damper position: fresh air for the people. */
const MIN_DAMPER = 0.2;
const MIN_FAN = 0.45;
const ZONE_SETPOINT = 23;

/** Supply air temperature PI: gain per K, and reset time in s. */
const GAIN = 0.02;
const RESET_TIME = 150;
/** Fan on zone temperature. */
const FAN_GAIN = 0.25;
const FAN_RESET_TIME = 1800;

/**
 * The unit's controller, after ASHRAE Guideline 36: one PI loop on the supply air temperature drives heating valve,
 * economizer damper and cooling valve in sequence; the fan follows the zone temperature above a minimum that follows
 * the people (demand-controlled ventilation); the supply set point is reset by the outdoor temperature.
 * The loops are in velocity form: the output itself is clamped, so nothing winds up.
 */
export class Controller {
  readonly commands: Commands = { damper: 0, cooling: 0, heating: 0, fan: 0 };
  /** °C */
  setpoint = 16;

  /** Heating -1..0, economizer 0..#economizer, cooling above that, one more. */
  #sequence = 0;
  /** The economizer's part of the sequence: small while the outdoor air is too warm to cool with. */
  #economizer = 1;
  #error = 0;
  #fan = 0;
  #fanError = 0;
  #outdoor = Number.NaN;
  /** The economizer may open. */
  #free = true;

  /** @param dt s */
  step(measured: Measured, running: boolean, people: number, dt: number): void {
    if (Number.isNaN(this.#outdoor)) this.#outdoor = measured.outdoor;
    this.#outdoor += (measured.outdoor - this.#outdoor) * (dt / 7200);
    // 18 °C up to 10 °C outdoors, 13 °C from 20 °C on.
    this.setpoint = 18 - 5 * clamp((this.#outdoor - 10) / 10, 0, 1);
    const error = measured.supply - this.setpoint;
    const fanError = measured.zone - ZONE_SETPOINT;
    if (running) {
      this.#chooseEconomizer(measured);
      const change = GAIN * (error - this.#error) + (GAIN / RESET_TIME) * error * dt;
      this.#sequence = clamp(this.#sequence + change, -1, this.#economizer + 1);
      const fanChange = FAN_GAIN * (fanError - this.#fanError) + (FAN_GAIN / FAN_RESET_TIME) * fanError * dt;
      this.#fan = clamp(this.#fan + fanChange, 0, 1);
      const slowest = MIN_FAN + 0.15 * people;
      this.commands.heating = clamp(-this.#sequence, 0, 1);
      this.commands.damper = this.#free
        ? MIN_DAMPER + (1 - MIN_DAMPER) * clamp(this.#sequence / this.#economizer, 0, 1)
        : MIN_DAMPER;
      this.commands.cooling = clamp(this.#sequence - this.#economizer, 0, 1);
      this.commands.fan = slowest + (1 - slowest) * this.#fan;
    } else {
      this.#sequence = 0;
      this.#fan = 0;
      this.commands.heating = 0;
      this.commands.damper = 0;
      this.commands.cooling = 0;
      this.commands.fan = 0;
    }
    this.#error = error;
    this.#fanError = fanError;
  }

  /** Outdoor air cools for free while it is colder than the return air (dry bulb, with hysteresis). */
  #chooseEconomizer(measured: Measured): void {
    const difference = measured.return - measured.outdoor;
    const free = this.#free ? difference > 0.5 : difference > 1.5;
    if (free === this.#free) return;
    this.#free = free;
    const width = free ? 1 : 0.05;
    // Bumpless: what the valves do now, they do after the change.
    if (this.#sequence > this.#economizer) this.#sequence += width - this.#economizer;
    else if (this.#sequence > 0) this.#sequence *= width / this.#economizer;
    this.#economizer = width;
  }
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}
