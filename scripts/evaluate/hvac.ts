/**
 * LBNL air handling units (Granderson, Lin et al., Sci Data 7, 65, 2020): minutes of 26 and 15 days, the truth by day.
 * Splits go by the truth of whole days and their order in the file.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Dataset, Unit } from "./dataset.ts";

const TRUTH = "Fault Detection Ground Truth";
const OCCUPIED = "Occupancy Mode Indicator";
const TRAINING_DAYS = 7;
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
    "Reference (scikit-learn): MZVAV-2-2, trained on 7 fault-free days (it is not said which): AUC by minute",
    "PCA residual 0.968, k-means(16) 0.970, max|z| 0.943; 92 % of fault days at no false day.",
  ],
  prepare(folder, work) {
    const multiZone = read(folder, "MZVAV-2-2");
    return [...splits.map((split) => sevenDays(multiZone, work, split)), oneDay(read(folder, "SZCAV"), work)];
  },
};

interface Split {
  name: string;
  title: string;
  choose(faultFree: string[]): string[];
  note: string;
}

/**
 * Which seven of the thirteen fault-free days are learned from. The first seven are all of late summer, so winter and
 * spring are tested without ever having been seen; every other day has all seasons in both parts.
 * The reference does not say which days it used. "first" was fixed before anything was looked at. "alternate" was added
 * after its result differed from the reference, since only such a split gives numbers near the reference's.
 */
const splits: Split[] = [
  {
    name: "MZVAV-2-2 first",
    title: "the first 7 fault-free days",
    choose: (days) => days.slice(0, TRAINING_DAYS),
    note: "all of late summer, so winter and spring are tested unseen; the split fixed beforehand",
  },
  {
    name: "MZVAV-2-2 alternate",
    title: "every other fault-free day",
    choose: (days) => days.filter((_, i) => i % 2 === 0).slice(0, TRAINING_DAYS),
    note: "all seasons in both parts; added after the first split had been seen, to compare with the reference",
  },
];

function sevenDays(table: Table, work: string, { name, title, choose, note }: Split): Unit {
  const training = new Set(choose(faultFreeDays(table)));
  const test = table.rows.filter(({ day }) => !training.has(day));
  const count = (rows: Table["rows"]) => new Set(rows.map(({ day }) => day)).size;
  return {
    ...files(name, work, table, (row) => training.has(row.day)),
    faultFreeDays: true,
    notes: [
      `${name} (simulated unit): trained on ${title} (${[...training].join(", ")}: ${note}); ` +
        `tested on the other ${count(test)} days, ${count(test.filter(({ faulty }) => faulty))} of them with a fault.`,
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
    const path = join(work, `${name.replace(" ", "-")}-${part}.csv`);
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
