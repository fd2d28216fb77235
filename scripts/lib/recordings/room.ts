import { Random, Wander } from "../../../nodes/lib/simulate/random.ts";
import { minutes, type Recording, timeText } from "./recording.ts";

const STEP = minutes(15);
const START = Date.UTC(2026, 1, 2);
const DAYS = { learn: 21, test: 7 };
/** What is to be forecast. */
const AHEAD = minutes(60);
/** Of the simulation. */
const SECONDS = 60;

/**
 * A simulated office in winter, quarter-hourly: its temperature, the temperature outside, and how far the radiator's valve
 * is open. The last column is the room's temperature an hour later: what a forecast is measured by.
 */
export function room(): Recording[] {
  const header = ["time", "room", "outside", "valve", "room in 1 h"];
  const rows = simulated((DAYS.learn + DAYS.test) * 24 * 60 + AHEAD / minutes(1));
  const lines: string[] = [];
  for (let i = 0; (i * STEP) / minutes(1) < (DAYS.learn + DAYS.test) * 24 * 60; i++) {
    const at = (i * STEP) / minutes(1);
    const { room, outside, valve } = rows[at]!;
    const later = rows[at + AHEAD / minutes(1)]!.room;
    lines.push([timeText(START + i * STEP), ...[room, outside, valve, later].map(short)].join(","));
  }
  const cut = (DAYS.learn * 24 * 60) / (STEP / minutes(1));
  return [
    { name: "room-three-weeks.csv", header, lines: lines.slice(0, cut) },
    { name: "room-next-week.csv", header, lines: lines.slice(cut) },
  ];
}

interface Moment {
  room: number;
  outside: number;
  /** 0..100 % */
  valve: number;
}

/** Every minute: air and walls as two stores of heat, a thermostat with a night set-back, sun, and people. */
function simulated(count: number): Moment[] {
  const random = new Random(1, "room");
  const weather = new Wander(random, 3, 36 * 3600, SECONDS);
  const clouds = new Wander(random, 0.35, 3 * 3600, SECONDS);
  const draught = new Wander(random, 0.25, 1800, SECONDS);
  let air = 18;
  let walls = 17.5;
  let valve = 0;
  let people = 0;
  return Array.from({ length: count }, (_, i) => {
    const time = START + minutes(i);
    const hour = (time / 3_600_000) % 24;
    const weekday = new Date(time).getUTCDay() % 6 !== 0;
    const outside = 2 + 3.5 * Math.sin((2 * Math.PI * (hour - 9)) / 24) + weather.value;
    const sun = Math.max(0, Math.sin((Math.PI * (hour - 7.5)) / 10)) * Math.min(1, Math.max(0.05, 0.5 + clouds.value));
    // People come and go: a meeting now and then.
    if (random.uniform() < 1 / 45) people = weekday && hour > 8 && hour < 18 ? Math.floor(5 * random.uniform()) : 0;
    const wanted = weekday && hour >= 6 && hour < 18 ? 21 : 18;
    // A thermostat's head moves slowly.
    valve += (Math.min(1, Math.max(0, (wanted + 0.6 - air) / 2)) - valve) / 8;
    const heat = 1600 * valve + 450 * sun + 110 * people;
    const loss = (22 + 6 * Math.abs(draught.value)) * (air - outside) + 90 * (air - walls);
    air += ((heat - loss) * SECONDS) / 2_000_000;
    walls += ((90 * (air - walls) - 12 * (walls - outside)) * SECONDS) / 6_000_000;
    for (const each of [weather, clouds, draught]) each.step();
    const seen = (value: number) => value + 0.03 * random.normal();
    return { room: seen(air), outside: seen(outside), valve: 100 * valve };
  });
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
