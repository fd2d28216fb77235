/** Ceiling-fan vibration (Hymel): recordings of 1 s at 200 Hz, three axes in g, of a fan with and without imbalance. */
import { readFileSync } from "node:fs";
import { requireFile } from "../benchmark.ts";

/** Rows of a recording. */
export const ROWS = 200;
export const RATE = 200;

export const speeds = ["off", "low", "med", "high"] as const;
/** A coin on a blade: the fault. */
export const imbalances = ["low-imbalance", "med-imbalance", "high-imbalance"] as const;
/** "moving": the fan's base is moved by hand. "deploy": another session. Both at low speed, and normal. */
export type Condition = (typeof speeds)[number] | (typeof imbalances)[number] | "moving" | "deploy";

const FILES: Record<Condition, string> = {
  off: "fan_0_off_0_weight.csv",
  low: "fan_0_low_0_weight.csv",
  med: "fan_0_med_0_weight.csv",
  high: "fan_0_high_0_weight.csv",
  "low-imbalance": "fan_0_low_1_weight.csv",
  "med-imbalance": "fan_0_med_1_weight.csv",
  "high-imbalance": "fan_0_high_1_weight.csv",
  moving: "fan_0_low_0_weight-moving.csv",
  deploy: "fan_0_low-deploy.csv",
};

/** Rows "x,y,z" of one second. */
export type Recording = string[];

/**
 * The complete recordings of each condition, in the order of the file.
 * @throws Error with a sentence when the folder does not hold the data set
 */
export function readRecordings(folder: string): Record<Condition, Recording[]> {
  const entries = Object.entries(FILES).map(([condition, file]) => [condition, read(folder, file)]);
  return Object.fromEntries(entries) as Record<Condition, Recording[]>;
}

function read(folder: string, file: string): Recording[] {
  const [header = "", ...lines] = readFileSync(requireFile(folder, file, "fan"), "utf8")
    .trim()
    .split(/\r?\n/);
  if (header !== "sample,x,y,z") throw new Error(`${file} begins with "${header}", not with "sample,x,y,z".`);
  const recordings = new Map<string, Recording>();
  for (const line of lines) {
    const comma = line.indexOf(",");
    const sample = line.slice(0, comma);
    const rows = recordings.get(sample) ?? [];
    rows.push(line.slice(comma + 1));
    recordings.set(sample, rows);
  }
  return [...recordings.values()].filter((rows) => rows.length === ROWS);
}
