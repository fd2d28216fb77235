/** Wand gestures with a 9-DoF IMU (Wang): "wingardium" and "flippendo", one a file of 3 s, and minutes of other movement. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { requireFile } from "../benchmark.ts";
import type { Round } from "../play/index.ts";
import { type Recording, RecordingWriter } from "./rows.ts";

export const IMU_CHANNELS = ["accel x", "accel y", "accel z", "gyro x", "gyro y", "gyro z"];
/** Hz, nominal. */
export const IMU_RATE = 100;
/** Samples: all but a few of the files have 300 rows or a little less. */
export const IMU_WINDOW = 290;

/** Files from these numbers on are the test. */
const FIRST_TEST = { wingardium: 40, flippendo: 40, negative: 3 };

/** @throws Error with a sentence when the folder does not hold the data set */
export function prepareWandImu(folder: string, work: string): Round[] {
  const train: Recording[] = [];
  const test: Recording[] = [];
  for (const [label, first] of Object.entries(FIRST_TEST)) {
    const files = readdirSync(requireFile(folder, label, "gestures")).sort();
    for (const file of files.filter((each) => each.endsWith(".csv"))) {
      const number = Number(/(\d+)\.csv$/.exec(file)?.[1]);
      (number < first ? train : test).push(read(join(folder, label, file), label, file.slice(0, -".csv".length)));
    }
  }
  const writer = new RecordingWriter(work, IMU_CHANNELS);
  return [
    { name: "later files", train: writer.write("imu-train.csv", train), test: writer.write("imu-test.csv", test) },
  ];
}

function read(path: string, label: string, stream: string): Recording {
  const [header = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  if (!header.startsWith("time_ms,")) throw new Error(`${path} begins with "${header}", not with "time_ms,…".`);
  const cells = lines.map((line) => line.split(","));
  return {
    stream,
    label,
    times: cells.map(([time]) => Number(time)),
    rows: cells.map(([, ...values]) => values.join(",")),
  };
}
