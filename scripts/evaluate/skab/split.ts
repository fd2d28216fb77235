/**
 * SKAB, the Skoltech Anomaly Benchmark (Katser & Kozitsin, 2020): 34 experiments with a water circuit, a reading a second.
 * Of each, the first 400 rows are learned from, without looking at their labels, and the rest is the test.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireFile } from "../benchmark.ts";

const TRAINING_ROWS = 400;
const GROUPS = ["other", "valve1", "valve2"];

export interface Experiment {
  /** For example "valve1/3". */
  name: string;
  /** Features, channels and the learner were chosen on these; the others were not looked at before that. */
  development: boolean;
  /** Files in the scratch folder. */
  train: string;
  test: string;
  /** Rows of the test part. */
  rows: number;
}

/** Every third file, by name. */
export function isDevelopment(index: number): boolean {
  return index % 3 === 0;
}

/**
 * Writes the two parts of each file into `work`, with the stream in the column "part" and the truth in "anomaly".
 * @param lead rows of the training part that the test's file begins with, without labels: they fill its first window, so
 *   that every row of the test gets a result
 * @throws Error with a sentence when the folder does not hold the data set
 */
export function prepare(folder: string, work: string, lead: number): Experiment[] {
  requireFile(folder, "valve1", "skab");
  const names = GROUPS.flatMap((group) =>
    existsSync(join(folder, group)) ? readdirSync(join(folder, group)).map((file) => `${group}/${file}`) : [],
  )
    .filter((name) => name.endsWith(".csv"))
    .map((name) => name.slice(0, -".csv".length))
    .sort();
  return names.map((name, index) => split(folder, work, name, lead, isDevelopment(index)));
}

function split(folder: string, work: string, name: string, lead: number, development: boolean): Experiment {
  const path = join(folder, `${name}.csv`);
  const [header = "", ...lines] = readFileSync(path, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const columns = header.split(";");
  const truth = columns.indexOf("anomaly");
  if (truth < 0) throw new Error(`${path} has no column "anomaly".`);
  if (lines.length <= TRAINING_ROWS) throw new Error(`${path} has no rows after the first ${TRAINING_ROWS}.`);
  const write = (part: string, from: number, to: number) => {
    const file = `${name.replace("/", "-")}-${part}.csv`;
    const rows = lines.slice(from, to).map((line, i) => {
      const cells = line.split(";");
      cells[truth] = from + i < TRAINING_ROWS ? "" : String(Number(cells[truth]));
      return [...cells, `${name} ${part}`].join(",");
    });
    writeFileSync(join(work, file), `${[[...columns, "part"].join(","), ...rows].join("\n")}\n`);
    return file;
  };
  return {
    name,
    development,
    train: write("train", 0, TRAINING_ROWS),
    test: write("test", TRAINING_ROWS - lead, lines.length),
    rows: lines.length - TRAINING_ROWS,
  };
}
