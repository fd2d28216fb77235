/**
 * Sets of normal frames, clean and polluted, as the check of pollution sees them, and what a model makes of the fan's
 * imbalance when it learned from them. Through the library: the check is the same that edge-learn runs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { flatten } from "../../../nodes/lib/dsp/blocks/flatten.ts";
import { type FrameBatch, train } from "../../../nodes/lib/learn/index.ts";
import type { Matrix } from "../../../nodes/lib/learn/math/matrix.ts";
import { withModel } from "../../../nodes/lib/learn/training/score.ts";
import { partsOfScatter, wideMinority } from "../../../nodes/lib/learn/validate/wide-minority.ts";
import { type Benchmark, type BenchmarkContext, requireFile } from "../benchmark.ts";
import { percent, table } from "../table.ts";

export const pollution: Benchmark = {
  name: "pollution",
  title: "Is a polluted set of normal frames noticed, and a clean one left alone? (several data sets)",
  folder: ".",
  async run({ folder, say }: BenchmarkContext) {
    const sets = [...fanSets(folder), ...hvacSets(folder), ...skabSets(folder), ...gestureSets(folder)];
    const rows = sets.map(({ name, polluted, frames }) => ({
      name,
      polluted,
      frames: frames.rows,
      features: frames.columns,
      ...partsOfScatter(frames),
      said: wideMinority(frames) !== undefined,
    }));
    const digits = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(2));
    console.log(
      table(
        ["set", "frames × features", "wide share", "difference", "D", "distance", "polluted", "said"],
        rows.map((row) => [
          row.name,
          `${row.frames} × ${row.features}`,
          digits(row.share),
          digits(row.difference),
          digits(row.separation),
          digits(row.distance),
          row.polluted ? "yes" : "no",
          row.said ? "yes" : "no",
        ]),
      ),
    );
    say("k-means on the fan");
    const blindness = await blindnessOf(folder);
    console.log(
      `\n${table(
        ["learned from", "imbalance found", "warned"],
        blindness.map(({ name, found, warned }) => [name, percent(found), warned ? "yes" : "no"]),
      )}`,
    );
    return [...rows, ...blindness];
  },
};

interface FrameSet {
  name: string;
  polluted: boolean;
  frames: Matrix;
}

/** Rows of numbers. */
type Rows = number[][];

function csv(path: string, separator = ","): string[][] {
  return readFileSync(path, "utf8")
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(separator));
}

const isComplete = (row: number[]) => row.every((value) => Number.isFinite(value));

function matrix(rows: Rows): Matrix {
  const columns = rows[0]!.length;
  return { rows: rows.length, columns, data: Float32Array.from(rows.flat()) };
}

/** Flatten of windows that follow each other. */
function flattened(windows: Rows[]): Rows {
  const channels = windows[0]![0]!.map((_, i) => `c${i}`);
  return windows.map((window) => {
    const statistics = flatten.options.properties.statistics.default;
    const plan = flatten.plan({ samples: window.length, channels }, { scale: 1, statistics });
    const out = new Float32Array(plan.names.length);
    plan.compute(Float32Array.from(window.flat()), out, 0, { start: 0, end: 0 });
    return [...out];
  });
}

function windowsOf(rows: Rows, size: number, hop = size): Rows[] {
  return Array.from({ length: Math.max(0, Math.floor((rows.length - size) / hop) + 1) }, (_, i) =>
    rows.slice(i * hop, i * hop + size),
  );
}

/** Each sample of about a second, as Flatten's features. */
function fanFrames(folder: string, condition: string): Rows {
  const samples = new Map<string, Rows>();
  const path = requireFile(join(folder, "fan-vibration"), `fan_0_${condition}.csv`, "pollution");
  for (const [sample, ...values] of csv(path)) {
    const rows = samples.get(sample!) ?? [];
    rows.push(values.map(Number));
    samples.set(sample!, rows);
  }
  return flattened([...samples.values()]);
}

function fanSets(folder: string): FrameSet[] {
  const of = (condition: string) => fanFrames(folder, condition);
  const [off, low, med, high] = ["off", "low", "med", "high"].map((speed) => of(`${speed}_0_weight`)) as [
    Rows,
    Rows,
    Rows,
    Rows,
  ];
  const [moving, deploy] = [of("low_0_weight-moving"), of("low-deploy")];
  const clean: [string, Rows][] = [
    ["off", off],
    ["low", low],
    ["medium", med],
    ["high", high],
    ["low, another session", deploy],
    ["low in two sessions", [...low, ...deploy]],
    ["low and medium", [...low, ...med]],
    ["off and high", [...off, ...high]],
    ["four speeds", [...off, ...low, ...med, ...high]],
    ["being moved, alone", moving],
  ];
  const polluted: [string, Rows][] = [
    ...[15, 30, 75, 149].map((n): [string, Rows] => [`low, and ${n} being moved`, [...low, ...moving.slice(0, n)]]),
    ["four speeds, and 149 being moved", [...off, ...low, ...med, ...high, ...moving]],
  ];
  return [
    ...clean.map(([name, rows]) => ({ name: `fan: ${name}`, polluted: false, frames: matrix(rows) })),
    ...polluted.map(([name, rows]) => ({ name: `fan: ${name}`, polluted: true, frames: matrix(rows) })),
  ];
}

function hvacSets(folder: string): FrameSet[] {
  return ["MZVAV-2-2", "SZCAV"].flatMap((unit) => {
    const path = requireFile(join(folder, "hvac-lbnl"), `${unit}.csv`, "pollution");
    const rows = csv(path).map((cells) =>
      cells.slice(1).map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell))),
    );
    const healthy = rows.filter((row) => isComplete(row) && row.at(-1) === 0);
    const occupied = healthy.filter((row) => row.at(-2) === 1);
    const values = (of: Rows) => of.map((row) => row.slice(0, -2));
    const sets: [string, Rows][] = [
      ["occupied, by minute", values(occupied)],
      ["by minute", values(healthy)],
      ["10 minutes", flattened(windowsOf(values(healthy), 10))],
      ["occupied, 10 minutes", flattened(windowsOf(values(occupied), 10))],
      ["hours", flattened(windowsOf(values(healthy), 60))],
    ];
    return sets.map(([name, frames]) => ({ name: `${unit}: ${name}`, polluted: false, frames: matrix(frames) }));
  });
}

function skabSets(folder: string): FrameSet[] {
  const path = requireFile(join(folder, "skab", "anomaly-free"), "anomaly-free.csv", "pollution");
  const rows = csv(path, ";")
    .map((cells) => cells.slice(1, 9).map(Number))
    .filter(isComplete);
  return [
    { name: "SKAB: by second", polluted: false, frames: matrix(rows) },
    { name: "SKAB: half minutes", polluted: false, frames: matrix(flattened(windowsOf(rows, 30))) },
  ];
}

function gestureSets(folder: string): FrameSet[] {
  return ["negative", "flippendo", "wingardium"].map((gesture) => {
    const own = join(folder, "gesture-wand-imu", gesture);
    requireFile(own, `${gesture}000.csv`, "pollution");
    const windows = readdirSync(own)
      .sort()
      .flatMap((file) => {
        const rows = csv(join(own, file)).map((cells) => cells.slice(1, 7).map(Number));
        return windowsOf(rows.filter(isComplete), 80, 40);
      });
    return { name: `gesture: ${gesture}`, polluted: false, frames: matrix(flattened(windows)) };
  });
}

/** How much of the imbalance k-means finds (score above 0, as Edge Impulse), and whether training warned. */
async function blindnessOf(folder: string): Promise<{ name: string; found: number; warned: boolean }[]> {
  const low = fanFrames(folder, "low_0_weight");
  const moving = fanFrames(folder, "low_0_weight-moving");
  const unbalanced = matrix(fanFrames(folder, "low_1_weight"));
  const cases: [string, Rows][] = [
    ["low", low],
    ...[15, 30, 75, 149].map((n): [string, Rows] => [`low, and ${n} being moved`, [...low, ...moving.slice(0, n)]]),
  ];
  const rows = [];
  for (const [name, frames] of cases) {
    const found = matrix(frames);
    const { bytes, manifest } = await train({
      model: "fan",
      task: "anomaly",
      method: "kmeans",
      options: { clusters: 8 },
      holdOut: 0.25,
      holdOutBy: "time",
      folds: 0,
      falseAlarmsPerDay: 1,
      limits: { seconds: 600, megabytes: 1024 },
      names: Array.from({ length: found.columns }, (_, i) => `f${i}`),
      channels: new Array(found.columns).fill(null),
      recipe: { version: 1 },
      frames: batchOf(found),
      seed: 1,
      madeBy: { name: "evaluate", version: "1" },
    });
    const scores = await withModel(
      bytes,
      "score",
      () => undefined,
      (model) => model.run(unbalanced),
    );
    rows.push({
      name,
      found: scores.filter((score) => score > 0).length / scores.length,
      warned: manifest.training.warnings.some((warning) => warning.includes("scattered")),
    });
  }
  return rows;
}

function batchOf({ rows, columns, data }: Matrix): FrameBatch {
  return {
    rows,
    columns,
    data: data as Float32Array,
    start: Float64Array.from({ length: rows }, (_, i) => i * 1000),
    end: Float64Array.from({ length: rows }, (_, i) => i * 1000 + 999),
    stream: new Int32Array(rows),
    streams: ["fan"],
    label: new Int32Array(rows).fill(-1),
    labels: [],
    stride: 1,
  };
}
