import { describe, expect, it } from "vitest";
import { flagEverything, score } from "../../../scripts/evaluate/skab/score.ts";
import { prepare } from "../../../scripts/evaluate/skab/split.ts";
import { madeUpFolder, outcomeOf } from "./support.ts";

const { folder, write, lines, header } = madeUpFolder();

/** 405 rows, of which the given ones are anomalous. */
function experiment(name: string, anomalous: number[]): void {
  const rows = Array.from({ length: 405 }, (_, i) => `t${i};${i};${anomalous.includes(i) ? "1.0" : "0.0"};0.0`);
  write(`${name}.csv`, ["datetime;Pressure;anomaly;changepoint", ...rows]);
}

describe("the split of SKAB", () => {
  experiment("valve1/0", [100, 403, 404]);
  experiment("valve1/1", [401]);
  experiment("other/9", [402]);
  const experiments = prepare(folder, folder, 2);
  const [other, first] = experiments;

  it("learns from the first 400 rows without their labels", () => {
    expect(lines(first!.train)).toHaveLength(400);
    expect(header(first!.train)).toBe("datetime,Pressure,anomaly,changepoint,part");
    expect(lines(first!.train)[100]).toBe("t100,100,,0.0,valve1/0 train");
  });

  it("tests on the rest, after as many rows as the first window needs, and these have no label", () => {
    expect(lines(first!.test).map((line) => line.split(",").slice(0, 3).join(","))).toEqual([
      "t398,398,",
      "t399,399,",
      "t400,400,0",
      "t401,401,0",
      "t402,402,0",
      "t403,403,1",
      "t404,404,1",
    ]);
    expect(first!.rows).toBe(5);
  });

  it("has every third file, by name, as its development part", () => {
    expect(experiments.map(({ name, development }) => [name, development])).toEqual([
      ["other/9", true],
      ["valve1/0", false],
      ["valve1/1", false],
    ]);
    expect(other!.name).toBe("other/9");
  });

  it("says what is missing", () => {
    expect(() => prepare(`${folder}/other`, folder, 2)).toThrow(/no valve1 in .*npm run evaluate -- skab FOLDER/);
  });
});

describe("the score of SKAB", () => {
  const played = (truth: string | undefined, value: number) => ({
    ...(truth === undefined ? {} : { truth }),
    score: value,
    exceeds: value > 2,
  });
  const rounds = [
    outcomeOf("a", [played(undefined, 9), played("0", 1), played("0", 3), played("1", 4), played("1", 2)]),
    outcomeOf("b", [played("0", 0), played("1", 5)]),
  ];

  it("pools the decisions, and leaves out what has no label", () => {
    const found = score(rounds);
    expect(found).toMatchObject({ files: 2, rows: 6 });
    // 2 found, 1 missed, 1 false of 3.
    expect(found.f1).toBeCloseTo(4 / 6, 12);
    expect(found.falseAlarmRate).toBeCloseTo(1 / 3, 12);
    expect(found.missedAlarmRate).toBeCloseTo(1 / 3, 12);
    expect(found.meanAuc).toBeCloseTo((3 / 4 + 1) / 2, 12);
    expect(found.pooledAuc).toBeCloseTo(8 / 9, 12);
  });

  it("knows what calling everything anomalous gives", () => {
    expect(flagEverything(rounds)).toBeCloseTo(2 / 3, 12);
  });

  it("does not average over a file of one kind of rows", () => {
    expect(() => score([outcomeOf("c", [played("0", 1)])])).toThrow(/c has no normal or no anomalous rows/);
  });
});
