import { describe, expect, it } from "vitest";
import { imbalances, ROWS, readRecordings, speeds } from "../../../scripts/evaluate/fan/recordings.ts";
import { score } from "../../../scripts/evaluate/fan/score.ts";
import { prepare } from "../../../scripts/evaluate/fan/split.ts";
import { madeUpFolder, outcomeOf } from "./support.ts";

const { folder, write, lines } = madeUpFolder();

/** Recordings whose x is their number. */
function condition(file: string, count: number, extra: string[] = []): void {
  const rows = Array.from({ length: count }, (_, i) => Array.from({ length: ROWS }, () => `${i},${i},0,1`)).flat();
  write(file, ["sample,x,y,z", ...rows, ...extra]);
}

describe("the split of the fan", () => {
  for (const speed of speeds) condition(`fan_0_${speed}_0_weight.csv`, 202, ["202,1,1,1"]);
  for (const fault of imbalances) condition(`fan_0_${fault.replace("-imbalance", "")}_1_weight.csv`, 3);
  condition("fan_0_low_0_weight-moving.csv", 101);
  condition("fan_0_low-deploy.csv", 2);
  const recordings = readRecordings(folder);
  const [all, low, mixed, after] = prepare(recordings, folder);
  /** The number of each recording, by its x. */
  const numbers = (file: string) =>
    lines(file)
      .filter((_, i) => i % ROWS === 0)
      .map((line) => Number(line.split(",")[1]));
  const streams = (file: string) =>
    lines(file)
      .filter((_, i) => i % ROWS === 0)
      .map((line) => line.split(",")[5]);

  it("leaves out what is no whole recording", () => {
    expect(recordings.low).toHaveLength(202);
  });

  it("learns from the first recordings of each speed in turns, and tests on the others and on all imbalances", () => {
    expect(numbers(all!.train)).toEqual(Array.from({ length: 800 }, (_, i) => Math.floor(i / 4)));
    expect(streams(all!.test)).toEqual([
      ...speeds.flatMap((speed) => [`${speed} 200`, `${speed} 201`]),
      ...imbalances.flatMap((fault) => [`${fault} 0`, `${fault} 1`, `${fault} 2`]),
    ]);
    expect(lines(all!.test)[0]).toMatch(/,200,0,1,normal,off 200$/);
    expect(lines(all!.test).at(-1)).toMatch(/,2,0,1,imbalance,high-imbalance 2$/);
  });

  it("never tests a normal recording that was learned from", () => {
    expect(numbers(low!.train)).toHaveLength(200);
    expect(streams(low!.test)).toContain("moving 0");
    for (const { train, test } of [mixed!, after!]) {
      expect(numbers(train)).toHaveLength(300);
      expect(streams(test).filter((stream) => !stream!.includes("imbalance"))).toEqual([
        "low 200",
        "low 201",
        "moving 100",
      ]);
    }
    // Two of low speed for each that was moved; and all that were moved last.
    expect(numbers(mixed!.train).slice(0, 6)).toEqual([0, 0, 1, 2, 1, 3]);
    expect(numbers(after!.train).slice(199, 202)).toEqual([199, 0, 1]);
  });

  it("goes on in time from one case to the next", () => {
    const time = (line: string | undefined) => Date.parse(line!.split(",")[0]!);
    expect(time(lines(low!.train)[0])).toBeGreaterThan(time(lines(all!.test).at(-1)));
  });
});

describe("the score of the fan", () => {
  const window = (stream: string, value: number) => ({ stream, score: value, exceeds: value > 1 });

  it("counts by condition, and the imbalances that were in nobody's view", () => {
    const results = [
      window("low 200", 0),
      window("off 201", 2),
      window("low-imbalance 99", 3),
      window("low-imbalance 100", 0.5),
      window("high-imbalance 299", 4),
    ];
    expect(score(outcomeOf("speeds", results))).toEqual({
      detected: { alarms: 2, of: 3 },
      untouched: { alarms: 1, of: 2 },
      falseAlarms: { alarms: 1, of: 2 },
      auc: 5 / 6,
      byCondition: {
        low: { alarms: 0, of: 1 },
        off: { alarms: 1, of: 1 },
        "low-imbalance": { alarms: 1, of: 2 },
        "high-imbalance": { alarms: 1, of: 1 },
      },
    });
  });
});
