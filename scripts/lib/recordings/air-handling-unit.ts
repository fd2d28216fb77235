import { chooseMachine, Simulation } from "../../../nodes/lib/simulate/index.ts";
import { minutes, type Recording, timeText } from "./recording.ts";

const DAY = minutes(1440);
const STEP = minutes(10);
const START = Date.UTC(2026, 0, 12);

/**
 * The air handling unit of edge-simulator, ten-minute values, as a building's trend log would hold them: a normal week,
 * and an eighth day on which the damper sticks at ten.
 */
export function airHandlingUnit(): Recording[] {
  const simulation = new Simulation(
    chooseMachine("air-handling-unit"),
    { interval: STEP, seed: 1, occupiedFrom: 6, occupiedTo: 20, workingDays: [0, 1, 2, 3, 4, 5, 6] },
    START,
  );
  const header = new Set(["time"]);
  let at = START;
  const linesUntil = (end: number): string[] => {
    const lines: string[] = [];
    for (; at < end; at += STEP) {
      const { values, label } = simulation.read();
      const cells = Object.entries(values).map(([name, value]) => {
        header.add(name);
        return value === null ? "" : String(Number(value.toFixed(3)));
      });
      lines.push([timeText(at), ...cells, label].join(","));
    }
    return lines;
  };
  const week = linesUntil(START + 7 * DAY);
  const morning = linesUntil(START + 7 * DAY + minutes(600));
  simulation.inject("damper-stuck", 0.7);
  const fault = [...morning, ...linesUntil(START + 8 * DAY)];
  header.add("label");
  return [
    { name: "ahu-normal-week.csv", header: [...header], lines: week },
    { name: "ahu-stuck-damper.csv", header: [...header], lines: fault },
  ];
}
