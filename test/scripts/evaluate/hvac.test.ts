import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { score } from "../../../scripts/evaluate/hvac/score.ts";
import { prepare } from "../../../scripts/evaluate/hvac/split.ts";
import { hvacTable } from "../../../scripts/evaluate/hvac/table.ts";
import type { Outcome, Played } from "../../../scripts/evaluate/play/index.ts";

const folder = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = "Datetime,Temp ,Occupancy Mode Indicator,Fault Detection Ground Truth";
/** Four rows a day, the two in the middle occupied. */
const day = (date: string, faulty: number) =>
  [0, 8, 9, 23].map((hour, i) => `${date} ${hour}:00,${20 + i},${i === 1 || i === 2 ? 1 : 0},${faulty}`);

function write(name: string, days: [string, number][]) {
  writeFileSync(
    join(folder, `${name}.csv`),
    `${[HEADER, ...days.flatMap(([date, faulty]) => day(date, faulty))].join("\r\n")}\r\n`,
  );
}

const content = (file: string) => readFileSync(join(folder, file), "utf8");
const daysIn = (file: string) => [
  ...new Set(
    content(file)
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(" ")[0]),
  ),
];

describe("the split of the air handling units", () => {
  write("MZVAV-2-2", [
    ["8/28/2007", 1],
    ...Array.from({ length: 9 }, (_, i): [string, number] => [`9/${i + 1}/2008`, 0]),
  ]);
  write("SZCAV", [
    ["3/11/2017", 1],
    ["4/1/2017", 0],
  ]);
  const [first, alternate, single] = prepare(folder, folder);

  it("never has a day in both parts, nor a fault in the training part", () => {
    expect(daysIn(first!.train)).toEqual([1, 2, 3, 4, 5, 6, 7].map((i) => `9/${i}/2008`));
    expect(daysIn(first!.test)).toEqual(["8/28/2007", "9/8/2008", "9/9/2008"]);
    expect(daysIn(alternate!.train)).toEqual([1, 3, 5, 7, 9].map((i) => `9/${i}/2008`));
    expect(daysIn(alternate!.test)).toEqual(["8/28/2007", ...[2, 4, 6, 8].map((i) => `9/${i}/2008`)]);
  });

  it("takes the first occupied rows of a single fault-free day, and leaves its others to the test", () => {
    expect(content(single!.train)).toBe(`${HEADER}\n4/1/2017 8:00,21,1,0\n`);
    expect(content(single!.test)).toContain("4/1/2017 9:00,22,1,0");
    expect(content(single!.test)).not.toContain("4/1/2017 8:00");
    expect(single!.faultFreeDays).toBe(false);
  });

  it("says what is missing", () => {
    expect(() => prepare(join(folder, "none"), folder)).toThrow(/no MZVAV-2-2\.csv/);
  });
});

describe("the score of a run", () => {
  const at = (date: number, minute: number) => Date.UTC(2024, 0, date, 8, minute);
  /** Ten minutes of a day; those of `high` are above the threshold, those of `alert` have an alert standing. */
  const minutes = (date: number, faulty: boolean, high: number[], alert: number[]): Played[] =>
    Array.from({ length: 10 }, (_, i) => ({
      time: at(date, i),
      stream: "u",
      truth: faulty ? "1" : "0",
      score: high.includes(i) ? 2 : 0,
      exceeds: high.includes(i),
      alert: alert.includes(i),
    }));
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const outcome: Outcome = {
    rounds: [
      {
        name: "u",
        method: "pca",
        results: [
          ...minutes(1, true, all, all.slice(3)),
          ...minutes(2, true, all, all),
          ...minutes(3, false, [0], [0]),
          ...minutes(4, true, [0], []),
          ...minutes(5, false, [0, 1], [2]),
        ],
        unscored: 2,
        alerts: [],
        threshold: 1,
        trainingFrames: 100,
        trainingSeconds: 1,
        warnings: [],
        rows: 100,
        seconds: 2,
      },
    ],
    peakMemory: 2 ** 20,
    nodeRed: "4",
    node: "20",
  };
  const unit = { name: "u", train: "", test: "", faultFreeDays: true, notes: [] };
  const method = { id: "pca", title: "PCA" };
  const wish = { falseAlarmsPerDay: 1, title: "1 per day" };
  const row = score(unit, method, wish, outcome);

  it("counts days by share and by alert, and delays only where an alert was raised", () => {
    expect(row).toMatchObject({
      faultDays: 3,
      detectedDays: 2,
      alertedDays: 2,
      stoodDays: 1,
      normalDays: 2,
      falseDays: 1,
      falseAlertDays: 1,
      medianDelay: 3,
      minutes: 50,
      unscoredMinutes: 2,
      readingsPerSecond: 50,
      peakMemoryMB: 1,
    });
    expect(row.days.map(({ alert }) => alert)).toEqual(["raised", "stood", null, null, "raised"]);
    // 30 positives (21 high) and 20 negatives (3 high): (21·17 + (21·3 + 9·17) / 2) / 600.
    expect(row.auc).toBeCloseTo((21 * 17 + (21 * 3 + 9 * 17) / 2) / 600, 12);
  });

  it("counts no false days where there is no whole fault-free day", () => {
    const single = score({ ...unit, faultFreeDays: false }, method, wish, outcome);
    expect(single).toMatchObject({ normalDays: null, falseDays: null, falseAlertDays: null });
    expect(hvacTable([row, single]).split("\n")).toHaveLength(4);
  });
});
