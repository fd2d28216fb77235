/**
 * Writes examples/recordings: what the replay example plays. The air handling unit of edge-simulator, ten-minute values, as a
 * building's trend log would hold them: npx tsx scripts/make-recordings.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseMachine, Simulation } from "../nodes/lib/simulate/index.ts";
import { ROOT } from "./lib/project.ts";

// Times in the file are UTC, whatever clock the writer has.
process.env.TZ = "UTC";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STEP = 10 * MINUTE;
const START = Date.UTC(2026, 0, 12);

const simulation = new Simulation(
  chooseMachine("air-handling-unit"),
  { interval: STEP, seed: 1, occupiedFrom: 6, occupiedTo: 20, workingDays: [0, 1, 2, 3, 4, 5, 6] },
  START,
);

/** Plays until `end` (not included), as lines of CSV. */
function linesUntil(end: number): string[] {
  const lines: string[] = [];
  for (let time = at; time < end; time += STEP) {
    const { values, label } = simulation.read();
    const [date, clock] = new Date(time).toISOString().split(/[T.]/);
    const cells = Object.entries(values).map(([name, value]) => {
      header.add(name);
      return value === null ? "" : String(Number(value.toFixed(3)));
    });
    lines.push([`${date} ${clock}`, ...cells, label].join(","));
  }
  at = end;
  return lines;
}

const header = new Set(["time"]);
let at = START;
const week = linesUntil(START + 7 * DAY);
// The eighth day: the damper sticks at ten.
const morning = linesUntil(START + 7 * DAY + 600 * MINUTE);
simulation.inject("damper-stuck", 0.7);
const fault = [...morning, ...linesUntil(START + 8 * DAY)];
header.add("label");

const folder = join(ROOT, "examples/recordings");
mkdirSync(folder, { recursive: true });
for (const [name, lines] of [
  ["ahu-normal-week.csv", week],
  ["ahu-stuck-damper.csv", fault],
] as const) {
  writeFileSync(join(folder, name), `${[[...header].join(","), ...lines].join("\n")}\n`);
}
