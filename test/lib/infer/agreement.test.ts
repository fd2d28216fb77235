import { describe, expect, it } from "vitest";
import type { AnomalyResult } from "../../../nodes/lib/frame/index.ts";
import { agreed, marginOf, type Opinion } from "../../../nodes/lib/infer/agreement.ts";
import { seeded } from "../../../nodes/lib/learn/math/random.ts";
import { manifest } from "../../support/infer-models.ts";

function opinion(score: number, threshold: number, margin: number, channel?: string): Opinion {
  const result: AnomalyResult = { kind: "anomaly", score, threshold, anomalous: score > threshold };
  if (channel !== undefined) result.contributions = [{ channel, share: 1 }];
  return { result, margin };
}

describe("what several versions say together", () => {
  it("is the needed-th largest score, on the scale of the newest, with the causes of the version that it is of", () => {
    // Two margins above its threshold; half a margin above; a quarter below.
    const opinions = [opinion(12, 10, 1, "new"), opinion(150, 100, 100, "old"), opinion(-25, 0, 100, "oldest")];
    expect(agreed(opinions, 1)).toEqual({
      kind: "anomaly",
      score: 12,
      threshold: 10,
      anomalous: true,
      contributions: [{ channel: "new", share: 1 }],
      agreement: { agree: 2, of: 3 },
    });
    expect(agreed(opinions, 2)).toMatchObject({ score: 10.5, anomalous: true, contributions: [{ channel: "old" }] });
    expect(agreed(opinions, 3)).toMatchObject({
      score: 9.75,
      threshold: 10,
      anomalous: false,
      contributions: [{ channel: "oldest" }],
      agreement: { agree: 2, of: 3 },
    });
  });

  it("lies above the threshold exactly when enough agree, whatever the scales", () => {
    const random = seeded(5);
    const sizes = [1e-300, 1e-9, 1, 1e9, 1e38, 1e300];
    const any = (list: readonly number[]) => list[Math.floor(random() * list.length)]!;
    const number = () => (random() < 0.2 ? 0 : (random() - 0.3) * any(sizes));
    for (let round = 0; round < 4000; round++) {
      const opinions = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
        const threshold = number();
        // Also exactly at the threshold, and a hair's breadth beside it.
        const score = random() < 0.3 ? threshold + any([0, 0, 1e-300, -1e-300, Math.abs(threshold) * 2e-16]) : number();
        return opinion(score, threshold, random() * any(sizes) + 1e-320);
      });
      const needed = 1 + Math.floor(random() * opinions.length);
      const found = agreed(opinions, needed);
      const agree = opinions.filter(({ result }) => result.score > result.threshold).length;
      expect(found.agreement).toEqual({ agree, of: opinions.length });
      expect(found.anomalous).toBe(agree >= needed);
      expect(found.score > found.threshold).toBe(agree >= needed);
      expect(found.threshold).toBe(opinions[0]!.result.threshold);
      expect(Number.isFinite(found.score)).toBe(true);
    }
  });

  it("of one alone is what it says", () => {
    expect(agreed([opinion(3.7, 10, 2)], 1)).toMatchObject({ score: 3.7, threshold: 10, anomalous: false });
  });
});

describe("the margin of a version", () => {
  const own = manifest();
  const { training } = own;
  const withMedian = (medianScore: number) => ({
    ...own,
    training: { ...training, holdOut: { ...training.holdOut, metrics: { medianScore } } },
  });

  it.each([
    ["from the median of the hold-out to its threshold", withMedian(4), 10, 6],
    ["the same, when the node has a threshold of its own", withMedian(4), 25, 6],
    ["its threshold, where the median is unknown", own, -25, 25],
    ["its threshold, where the median lies above it", withMedian(11), 10, 10],
    ["of a model from elsewhere: its threshold", undefined, 0.5, 0.5],
    ["1, where that is 0", undefined, 0, 1],
  ])("is %s", (_, from, threshold, expected) => {
    expect(marginOf(from, threshold)).toBe(expected);
  });
});
