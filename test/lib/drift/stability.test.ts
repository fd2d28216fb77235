import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FeatureBins } from "../../../nodes/lib/drift/index.ts";
import { chanceLimit, stability } from "../../../nodes/lib/drift/stability.ts";

interface Case {
  bins: FeatureBins;
  features: number;
  trained: number;
  frames: number;
  counts: number[];
  psi: number;
  level: string;
}

const cases = JSON.parse(readFileSync(join(__dirname, "../../golden/drift/stability.json"), "utf8")) as readonly Case[];

describe("the population stability index", () => {
  it("and its level are those of numpy and scipy", () => {
    expect(new Set(cases.map(({ level }) => level)).size).toBe(3);
    for (const { bins, features, trained, frames, counts, psi, level } of cases) {
      const found = stability(bins, counts, frames, frames, trained, chanceLimit(features));
      expect(found.psi).toBeCloseTo(psi, 10);
      expect(found.level).toBe(level);
    }
  });

  it("of what never changed and does now is strong, and finite", () => {
    const bins: FeatureBins = { edges: [0, 0], shares: [0, 1, 0], repeats: { mean: 1, most: 1 } };
    expect(stability(bins, [0, 200, 0], 200, 200, 1000, chanceLimit(1))).toMatchObject({ level: "none" });
    const moved = stability(bins, [0, 0, 200], 200, 200, 1000, chanceLimit(1));
    expect(moved.level).toBe("strong");
    expect(moved.psi).toBeGreaterThan(1);
    expect(moved.psi).toBeLessThan(100);
  });
});
