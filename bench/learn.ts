import type { Learner, LearnTask } from "../nodes/lib/index.ts";
import { type Data, FEATURES, HELD_OUT, makeData, ROWS, withFiles } from "./learn/data.ts";
import { Scoring, trainOurs } from "./learn/ours.ts";
import { type PeerLearner, PythonLearners } from "./learn/python.ts";
import { qualityOf } from "./learn/quality.ts";
import { type Bench, type Row, rowsOf, type Table } from "./lib/bench.ts";
import { library } from "./lib/library.ts";
import { type Case, compare } from "./lib/measure.ts";

/** Networks are timed by the pass over the rows, in trainings of so many; how good they are is seen at their defaults. */
const TIMED_PASSES = 4;

interface Aim {
  task: LearnTask;
  id: string;
  /** Of the peer's time. */
  training?: number;
  scoring?: number;
}

const AIMS: readonly Aim[] = [
  { task: "anomaly", id: "isolation-forest", training: 0.05, scoring: 0.002 },
  { task: "class", id: "random-forest", training: 0.25, scoring: 0.002 },
  { task: "anomaly", id: "kmeans", training: 2 },
  { task: "anomaly", id: "pca", training: 2 },
  { task: "anomaly", id: "gmm", training: 2 },
  { task: "anomaly", id: "autoencoder", training: 0.2 },
];

/** One learner's lines in the tables. */
interface Measured {
  training: Row[];
  scoring: Row[];
  quality: string;
  aims: string[];
}

async function measure(learner: Learner, data: Data, peer: PeerLearner | undefined): Promise<Measured> {
  const { task, id, title } = learner;
  const { options } = library.chooseLearner(task, id, {});
  const network = "epochs" in options;
  const [ours, theirs] = [`${title}: ours`, `${title}: ${network ? "torch" : "scikit-learn"}`];

  const timed = network ? { ...options, epochs: TIMED_PASSES } : options;
  let seed = 1;
  const fits: Case[] = [
    {
      name: ours,
      async run(count) {
        const start = process.hrtime.bigint();
        let passes = 0;
        for (let i = 0; i < count; i++) passes += (await trainOurs(learner, data, timed, seed++)).found.epochs ?? 1;
        return (Number(process.hrtime.bigint() - start) / 1000 / passes) * count;
      },
    },
  ];
  if (peer) {
    fits.push({
      name: theirs,
      async run(count) {
        let us = 0;
        for (let i = 0; i < count; i++) us += await peer.fit({ ...timed, passes: TIMED_PASSES }, seed++);
        return network ? us / TIMED_PASSES : us;
      },
    });
  }
  const training = await compare(fits, { repeats: 5, ms: 100 });

  const model = await trainOurs(learner, data, options, 1);
  const scoring = await Scoring.of(model, data);
  if (peer) await peer.fit({ ...options, passes: model.found.epochs ?? 0 }, 1);
  const answers: [string, number[]][] = [["ours", await scoring.answers()]];
  if (peer) answers.push([network ? "torch" : "scikit-learn", await peer.answers()]);
  const runs: Case[] = [{ name: ours, run: (count) => scoring.run(count) }];
  if (peer) runs.push({ name: theirs, run: (count) => peer.score(count) });
  const scores = await compare(runs, { repeats: 9, ms: 60 });
  await scoring.release();

  const told = answers.map(
    ([who, list]) =>
      `${qualityOf(task, list, data.truth)
        .map(([name, value]) => `${name} ${value.toFixed(4)}`)
        .join(", ")} (${who})`,
  );
  return {
    training: rowsOf(training, peer && theirs),
    scoring: rowsOf(scores, peer && theirs),
    quality: `${title}: ${told.join("; ")}; its graph is ${Math.ceil(scoring.bytes / 1000)} kB`,
    aims: aimsOf(task, id, title, training, scores, [ours, theirs]),
  };
}

function aimsOf(
  task: LearnTask,
  id: string,
  title: string,
  training: ReadonlyMap<string, number>,
  scoring: ReadonlyMap<string, number>,
  [ours, theirs]: readonly [string, string],
): string[] {
  const aim = AIMS.find((one) => one.task === task && one.id === id);
  if (!aim || !training.has(theirs)) return [];
  return (
    [
      ["training", aim.training, training],
      ["scoring", aim.scoring, scoring],
    ] as const
  ).flatMap(([what, times, measured]) => {
    if (times === undefined) return [];
    const ratio = measured.get(ours)! / measured.get(theirs)!;
    return [`aim: ${title}, ${what} ≤ ${times} ×: ${ratio.toPrecision(3)}, ${ratio <= times ? "kept" : "missed"}`];
  });
}

async function tablesOf(task: LearnTask, python: PythonLearners): Promise<Table[]> {
  const data = makeData(task);
  return withFiles(data, async (folder) => {
    await python.read(task, folder);
    const all: Measured[] = [];
    for (const learner of library.learners[task]) all.push(await measure(learner, data, python.peer(task, learner.id)));
    const size = `${ROWS.toLocaleString("en-US")} × ${FEATURES}`;
    return [
      {
        title: `Training on ${size}, ${NAMES[task]}; networks: one pass over the rows`,
        rows: all.flatMap(({ training }) => training),
        notes: [python.about, ...all.flatMap(({ aims }) => aims.filter((aim) => aim.includes("training")))],
      },
      {
        title: `A row at batch 1, ${NAMES[task]}`,
        rows: all.flatMap(({ scoring }) => scoring),
        notes: [
          ...all.flatMap(({ aims }) => aims.filter((aim) => aim.includes("scoring"))),
          `On ${HELD_OUT.toLocaleString("en-US")} rows held out, each learner at its defaults and its peer at the same settings:`,
          ...all.map(({ quality }) => quality),
        ],
      },
    ];
  });
}

const NAMES: Record<LearnTask, string> = { anomaly: "what is normal", class: "two classes", value: "a value" };

export const bench: Bench = {
  title: "edge-learn's learners, beside scikit-learn and torch",
  async run() {
    const python = await PythonLearners.start();
    try {
      const tables: Table[] = [];
      for (const task of ["anomaly", "class", "value"] as const) tables.push(...(await tablesOf(task, python)));
      return tables;
    } finally {
      python.stop();
    }
  },
};
