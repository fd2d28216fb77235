/**
 * LBNL air handling units (Granderson, Lin et al., Sci Data 7, 65, 2020): minutes of 26 and 15 days, the truth by day.
 * The split is fixed by the truth of whole days and their order in the file, before anything is looked at.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dataset, Unit } from "./dataset.ts";

const TRUTH = "Fault Detection Ground Truth";
const OCCUPIED = "Occupancy Mode Indicator";
/** Of the occupied minutes of the only fault-free day. */
const TRAINING_SHARE = 0.6;

interface Table {
  header: string;
  rows: { line: string; day: string; faulty: boolean; occupied: boolean }[];
}

export const hvac: Dataset = {
  name: "hvac",
  title: "LBNL air handling units, occupied hours",
  reference: [
    "MZVAV-2-2, trained on 7 of the fault-free days (reference/detectors-and-benchmarks.md): AUC by minute",
    "PCA residual 0.968, k-means(16) 0.970, max|z| 0.943; 92 % of fault days at no false day.",
  ],
  prepare(folder, work) {
    const simulated = read(folder, "MZVAV-2-2");
    return [
      sevenDays("MZVAV-2-2", "every other of the 13 fault-free days", everyOther, simulated, work),
      sevenDays("MZVAV-2-2-summer", "the first 7 fault-free days, all of one summer", firstSeven, simulated, work),
      oneDay(read(folder, "SZCAV"), work),
    ];
  },
};

const everyOther = (days: string[]): string[] => days.filter((_, i) => i % 2 === 0);
const firstSeven = (days: string[]): string[] => days.slice(0, 7);

/**
 * Seven of the fault-free days are learned from, all other days are the test. Every other day sees all the seasons that
 * the test has, as the reference's figures need; the first seven see only summer, and winter is then unusual to them.
 */
function sevenDays(name: string, what: string, choose: (days: string[]) => string[], table: Table, work: string): Unit {
  const training = new Set(choose(faultFreeDays(table)));
  const test = table.rows.filter(({ day }) => !training.has(day));
  const count = (rows: Table["rows"]) => new Set(rows.map(({ day }) => day)).size;
  return {
    ...files(name, work, table, (row) => training.has(row.day)),
    faultFreeDays: true,
    notes: [
      `${name} (simulated): trained on ${what} (${[...training].join(", ")}); tested on the other ${count(test)} days, ` +
        `${count(test.filter(({ faulty }) => faulty))} of them with a fault.`,
    ],
  };
}

/** Only one day is free of faults: its first occupied minutes are learned from, its others are the only normal test. */
function oneDay(table: Table, work: string): Unit {
  const [day] = faultFreeDays(table);
  const occupied = table.rows.filter((row) => row.day === day && row.occupied);
  const training = new Set(occupied.slice(0, Math.round(TRAINING_SHARE * occupied.length)));
  const normal = occupied.length - training.size;
  return {
    ...files("SZCAV", work, table, (row) => training.has(row)),
    faultFreeDays: false,
    notes: [
      `SZCAV (experiment): it has one fault-free day (${day}), so it cannot show what a week of learning gives. Trained on ` +
        `the first ${training.size} occupied minutes of that day; AUC is of its other ${normal} against all fault days. ` +
        "There is no fault-free test day, so false days are not countable; morning was learned and afternoon is tested.",
    ],
  };
}

function faultFreeDays({ rows }: Table): string[] {
  const faulty = new Set(rows.filter((row) => row.faulty).map(({ day }) => day));
  return [...new Set(rows.map(({ day }) => day))].filter((day) => !faulty.has(day));
}

function files(
  name: string,
  work: string,
  { header, rows }: Table,
  isTraining: (row: Table["rows"][number]) => boolean,
) {
  const write = (part: string, lines: string[]) => {
    const path = join(work, `${name}-${part}.csv`);
    writeFileSync(path, `${[header, ...lines].join("\n")}\n`);
    return path;
  };
  return {
    name,
    train: write(
      "train",
      rows.filter(isTraining).map(({ line }) => line),
    ),
    test: write(
      "test",
      rows.filter((row) => !isTraining(row)).map(({ line }) => line),
    ),
    labelColumn: TRUTH,
    gateChannel: OCCUPIED,
  };
}

/** The lines of a file with what the split goes by; the cells themselves are left to edge-replay. */
function read(folder: string, name: string): Table {
  const path = join(folder, `${name}.csv`);
  if (!existsSync(path)) {
    throw new Error(
      `There is no ${name}.csv in ${folder}. Give the folder of the LBNL data: npm run evaluate -- hvac FOLDER`,
    );
  }
  const [header = "", ...lines] = readFileSync(path, "utf8")
    .split(/\r?\n/)
    .filter((line) => line !== "");
  const names = header.split(",").map((cell) => cell.trim());
  const truth = names.indexOf(TRUTH);
  const occupied = names.indexOf(OCCUPIED);
  if (truth < 0 || occupied < 0) throw new Error(`${path} has no columns "${TRUTH}" and "${OCCUPIED}".`);
  const rows = lines.map((line) => {
    const cells = line.split(",");
    return {
      line,
      day: cells[0]!.split(" ")[0]!,
      faulty: Number(cells[truth]) === 1,
      occupied: Number(cells[occupied]) === 1,
    };
  });
  return { header, rows };
}
