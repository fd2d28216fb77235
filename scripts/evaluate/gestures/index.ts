import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, BenchmarkContext } from "../benchmark.ts";
import { type Method, methodsOf } from "../methods.ts";
import { buildFlow, play, type Round } from "../play/index.ts";
import { table } from "../table.ts";
import { prepareMagicWand, WAND_CHANNELS, WAND_WINDOW } from "./magic-wand.ts";
import { type Score, score } from "./score.ts";
import { IMU_CHANNELS, IMU_RATE, IMU_WINDOW, prepareWandImu } from "./wand-imu.ts";

/** One of the two data sets. */
interface GestureSet {
  title: string;
  /** Under the data's folder. */
  folder: string;
  /** A folder in it, by which it is known. */
  sign: string;
  prepare(folder: string, work: string): Round[];
  /** Samples of a window, and the rate to which they are brought, where the data's own is not even. */
  window: { size: number; rate?: number };
  /** What is looked at: a title, and the channels. */
  views: [title: string, channels: string[]][];
  notes: string[];
}

const sets: GestureSet[] = [
  {
    title: "Wand gestures, IMU",
    folder: "gesture-wand-imu",
    sign: "wingardium",
    prepare: prepareWandImu,
    window: { size: IMU_WINDOW, rate: IMU_RATE },
    views: [
      ["accelerometer + gyroscope", IMU_CHANNELS],
      ["accelerometer", IMU_CHANNELS.slice(0, 3)],
    ],
    notes: [
      "Learned from files 000–039 of each gesture and negative000–002, tested on all later ones (040–059, 003–004).",
      "Reference (measured, other held-out files): accelerometer, Flatten + logistic regression .847; with gyroscope,",
      "Flatten + random forest(100) .891.",
    ],
  },
  {
    title: "TF magic wand, by person",
    folder: "gesture-magic-wand-tf",
    sign: "wing",
    prepare: prepareMagicWand,
    window: { size: WAND_WINDOW },
    views: [["accelerometer", WAND_CHANNELS]],
    notes: [
      "Each of the two persons is tested with a model that never saw them; all of their windows count once. Movements of",
      "unnamed persons are always learned from. Recordings are brought to 128 rows (cut, or the last row held).",
      "Reference (measured, held-out persons): Spectral(16) + logistic regression .962, random forest 1.00.",
    ],
  },
];

const CHOICES = [
  "Flatten is the default of edge-features, the learners are at theirs, and the split of the files was fixed first. Other",
  "features were tried too, with the test in view: what is reported are the defaults, whatever they gave.",
];

interface Row extends Score {
  set: string;
  channels: string;
  method: string;
  /** With "auto": what was chosen, in each round. */
  chosen: string[];
  nodeRed: string;
  node: string;
}

export const gestures: Benchmark = {
  name: "gestures",
  title: `Gestures, told apart: ${sets.map(({ title, folder }) => `${title} (${folder})`).join("; ")}`,
  folder: ".",
  async run(context) {
    const rows: Row[] = [];
    for (const set of sets) {
      const folder = folderOfSet(set, context.folder);
      if (folder !== undefined) rows.push(...(await playSet(set, folder, context)));
    }
    if (rows.length === 0) {
      const names = sets.map(({ folder }) => folder).join(" nor ");
      throw new Error(`There is neither ${names} in ${context.folder}, nor the files of one of them.`);
    }
    report(rows);
    return rows;
  },
};

function folderOfSet({ folder, sign }: GestureSet, given: string): string | undefined {
  return [join(given, folder), given].find((each) => existsSync(join(each, sign)));
}

async function playSet(set: GestureSet, folder: string, { method: only, work, say }: BenchmarkContext): Promise<Row[]> {
  const rounds = set.prepare(folder, work);
  const rows: Row[] = [];
  for (const [channels, columns] of set.views) {
    for (const method of methodsOf("class", only)) {
      say(`${set.title}, ${channels}, ${method.title}`);
      rows.push(await playView(set, channels, columns, method, rounds, work));
    }
  }
  return rows;
}

async function playView(
  set: GestureSet,
  channels: string,
  columns: string[],
  method: Method,
  rounds: Round[],
  folder: string,
): Promise<Row> {
  const { size, rate = 0 } = set.window;
  const flow = buildFlow({
    replay: { columns, time: "column", timeColumn: "time", labelColumn: "label", topicColumn: "stream" },
    window: { by: "samples", size, sizeUnit: "samples", hop: size, hopUnit: "samples", rate },
    features: { blocks: [{ block: "flatten" }] },
    learn: { task: "class", method: method.id, holdOutBy: "stream" },
  });
  const outcome = await play({ flow, folder, rounds });
  return {
    set: set.title,
    channels,
    method: method.title,
    chosen: method.id === "auto" ? outcome.rounds.map(({ method }) => method) : [],
    ...score(outcome.rounds),
    nodeRed: outcome.nodeRed,
    node: outcome.node,
  };
}

function report(rows: readonly Row[]): void {
  const { nodeRed, node } = rows[0]!;
  console.log(`${gestures.title} (Node-RED ${nodeRed}, Node ${node})`);
  for (const { title, notes } of sets) {
    const own = rows.filter(({ set }) => set === title);
    if (own.length === 0) continue;
    const [first] = own;
    const classes = first!.classes.map(({ label }) => label);
    const header = ["channels", "model", "accuracy", "windows", ...classes, ...first!.rounds.map(({ name }) => name)];
    const cells = own.map((row) => [
      row.channels,
      row.method + (row.chosen.length > 0 ? ` (${[...new Set(row.chosen)].join(", ")})` : ""),
      row.accuracy.toFixed(3),
      `${row.right}/${row.windows}`,
      ...row.classes.map(({ right, windows }) => `${right}/${windows}`),
      ...row.rounds.map(({ accuracy }) => accuracy.toFixed(3)),
    ]);
    console.log(`\n${title}\n\n${table(header, cells)}\n`);
    for (const note of notes) console.log(note);
  }
  console.log("");
  for (const line of CHOICES) console.log(line);
}
