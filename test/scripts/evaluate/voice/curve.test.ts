import { describe, expect, it } from "vitest";
import { bestOf, peaks, smoothed, thresholdFor } from "../../../../scripts/evaluate/voice/curve.ts";
import { readScores, ScoreWriter } from "../../../../scripts/evaluate/voice/play/scores.ts";

/** Scores 50 ms apart. */
const line = (scores: number[]) => ({
  times: Float64Array.from(scores, (_, i) => i * 0.05),
  scores: Float32Array.from(scores),
});
const rounded = (values: Iterable<number>) => Array.from(values, (value) => Number(value.toFixed(3)));

describe("scores without a flow", () => {
  it("are averaged over the last ones, over fewer at the beginning", () => {
    expect(rounded(smoothed(line([1, 0, 0, 0.5, 1]), 2).scores)).toEqual([1, 0.5, 0, 0.25, 0.75]);
  });

  it("give one peak for each event, the highest first", () => {
    const scores = new Array<number>(100).fill(0);
    // Two within a second are one event.
    scores[10] = 0.4;
    scores[20] = 0.9;
    scores[80] = 0.6;
    expect(rounded(peaks(line(scores)))).toEqual([0.9, 0.6]);
    expect(peaks(line(new Array<number>(100).fill(0)))).toEqual([]);
  });

  it("of a word are looked for from its beginning until a second after its end", () => {
    const scores = new Array<number>(200).fill(0.1);
    scores[19] = 0.9;
    scores[50] = 0.7;
    scores[71] = 0.8;
    const word = { word: "a", file: "", start: 100, end: 250 };
    expect(rounded(bestOf([word], line(scores), 100))).toEqual([0.7]);
  });

  it.each([
    [0.5, 4, 0.7],
    [0.5, 2, 0.8],
    [0, 4, 0.9],
    [2, 4, 0.01],
  ])("%d false alarms per hour in %d h: a threshold just above the first peak too many", (perHour, hours, expected) => {
    const falsePeaks = [0.9, 0.8, 0.7, 0.6];
    const threshold = thresholdFor(falsePeaks, hours, perHour);
    expect(threshold).toBeCloseTo(expected, 3);
    expect(falsePeaks.filter((peak) => peak >= threshold).length).toBeLessThanOrEqual(perHour * hours);
  });

  it("come back from their file", () => {
    const writer = new ScoreWriter();
    writer.track(
      [0.5, 1],
      [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
    ); // prettier-ignore
    writer.track([], [[], []]);
    writer.track([2], [[0.5], [0.6]]);
    const tracks = readScores(writer.bytes(), 2);
    expect(tracks.map((each) => each.map(({ times, scores }) => [rounded(times), rounded(scores)]))).toEqual([
      [
        [
          [0.5, 1],
          [0.1, 0.2],
        ],
        [
          [0.5, 1],
          [0.3, 0.4],
        ],
      ],
      [
        [[], []],
        [[], []],
      ],
      [
        [[2], [0.5]],
        [[2], [0.6]],
      ],
    ]); // prettier-ignore
  });
});
