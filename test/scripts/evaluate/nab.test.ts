import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detectors } from "../../../nodes/lib/detect/index.ts";
import { readPublished, readSeries } from "../../../scripts/evaluate/nab/data.ts";
import { candidates, idOf, PAUSE } from "../../../scripts/evaluate/nab/flow.ts";
import { marks, score } from "../../../scripts/evaluate/nab/score.ts";
import { detection, feed, gaussian, marked, series } from "../../lib/detect/support.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-nab-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const time = (row: number) =>
  `2014-04-01 ${String(Math.floor(row / 60)).padStart(2, "0")}:${String(row % 60).padStart(2, "0")}:00`;

function write(): void {
  for (const part of ["labels", "real", "reference"]) mkdirSync(join(folder, part), { recursive: true });
  const rows = series(200, (i) => i).map((i) => `${time(i)},${i % 7}`);
  // A row that repeats a time, as real series have them.
  rows.splice(30, 0, `${time(29)},5`);
  writeFileSync(join(folder, "real/a.csv"), `timestamp,value\n${rows.join("\n")}\n`);
  const windows = { "real/a.csv": [[`${time(100)}.000000`, `${time(119)}.000000`]], "real/missing.csv": [] };
  writeFileSync(join(folder, "labels/combined_windows.json"), JSON.stringify(windows));
  const header = "Detector,Profile,File,Threshold,Score,TP,TN,FP,FN,Total_Count";
  writeFileSync(
    join(folder, "reference/x_standard_scores.csv"),
    `${header}\nx,standard,real/a.csv,1.0,0.5,1,1,1,1,4\n`,
  );
  writeFileSync(join(folder, "reference/y_standard_scores.csv"), `${header}\n`);
}

describe("the benchmark's files", () => {
  it("are read as far as they are there; windows go by rows", () => {
    write();
    const read = readSeries(folder);
    expect(read.map(({ file, times, windows }) => [file, times.length, windows])).toEqual([
      ["real/a.csv", 201, [[101, 120]]],
    ]);
    expect(readPublished(folder, read).map(({ detector }) => detector)).toEqual(["x"]);
  });

  it("that are not there are named", () => {
    expect(() => readSeries(join(folder, "nowhere"))).toThrow(/combined_windows\.json/);
  });
});

it("every detector is a candidate", () => {
  expect(candidates.map(({ detector }) => detector).sort()).toEqual(detectors.map(({ id }) => id).sort());
});

it("marks are those of edge-detect with the same threshold and pause", () => {
  const normal = gaussian(3);
  const values = series(3000, (i) => normal() + (i % 400 < 12 && i > 500 ? 8 : 0));
  const detected = feed(detection("robust-z"), values);
  const scores = Float64Array.from(detected, (each) => each?.payload.score ?? Number.NaN);
  const { threshold } = detected.at(-1)!.payload as { threshold: number };
  const own = marked(feed(detection("robust-z", {}, { pause: PAUSE }), values));
  expect(own.length).toBeGreaterThan(4);
  expect([...marks(scores, threshold, PAUSE).keys()].filter((i) => marks(scores, threshold, PAUSE)[i] === 1)).toEqual(
    own,
  );
});

it("results are scored by the row of their time, in every way that is told", () => {
  write();
  const read = readSeries(folder);
  const { times } = read[0]!;
  const results = times
    .filter((each, row) => times.indexOf(each) === row && row > 20)
    .map((each): [number, number, boolean] => [each, each === times[101] ? 6 : 0.5, each === times[101]]);
  const outcome = {
    results: { [idOf("knn", 0)]: { "real/a.csv": results }, [idOf("knn", PAUSE)]: { "real/a.csv": results } },
    readings: 201,
    seconds: 1,
    nodeRed: "4",
  };
  const row = score("knn", read, outcome);
  expect(row.tuned.score).toBeCloseTo(100, 9);
  expect(row.tunedWithPause.score).toBeCloseTo(100, 9);
  expect(row.fixed).toMatchObject({ found: 1, windows: 1, falsePositives: 0 });
  const stray = {
    ...outcome,
    results: { [idOf("knn", 0)]: { "real/a.csv": [[5, 1, false] as [number, number, boolean]] } },
  };
  expect(() => score("knn", read, stray)).toThrow(/which no row has/);
});
