import { describe, expect, it } from "vitest";
import type { LabelRule } from "../../../../nodes/lib/dsp/window/options.ts";
import { at, random, run } from "./support.ts";

const labelled = (labels: readonly (string | undefined)[]) => labels.map((label, i) => at(i, i, { label }));
const of = (rule: LabelRule, labels: readonly (string | undefined)[], size = labels.length, hop = size) =>
  run({ by: "samples", size, hop, label: rule }, labelled(labels)).frames.map(({ info }) => info.label);

const _ = undefined;

describe("the label of a window", () => {
  const cases: [(string | undefined)[], Record<string, string | undefined>][] = [
    [[_, _, _, _], { end: _, any: _, majority: _, "share 0.5": _ }],
    [["a", "a", "a", "a"], { end: "a", any: "a", majority: "a", "share 0.5": "a", "share 1": "a" }],
    [[_, "a", _, _], { end: _, any: "a", majority: _, "share 0.25": "a", "share 0.5": _ }],
    [["a", "a", "b", _], { end: _, any: "a", majority: _, "share 0.5": "a", "share 0.6": _ }],
    [["a", "a", "a", "b"], { end: "b", any: "a", majority: "a", "share 0.75": "a", "share 0.8": _ }],
    [["a", "b", "a", "b"], { end: "b", any: "b", majority: _, "share 0.5": "b" }],
    [["a", "b", "b", "a", _], { end: _, any: "a", majority: _ }],
    [["a", "a", "a", _, _, _, _, _, _, _], { "share 0.3": "a", "share 0.31": _ }],
  ];
  it.each(cases)("of %j is %j", (labels, expected) => {
    for (const [rule, label] of Object.entries(expected)) {
      const [by, share] = rule.split(" ");
      expect([rule, ...of({ by: by as LabelRule["by"], share: Number(share ?? 1) }, labels)]).toEqual([rule, label]);
    }
  });

  it("follows the samples as they come and go: the same as counting each window, by samples and by time", () => {
    const names = [_, "a", "b", "c", "__proto__", "constructor"];
    const next = random(5);
    let now: string | undefined;
    const labels = Array.from({ length: 1000 }, () => {
      if (next() < 0.2) now = names[Math.floor(next() * names.length)];
      return now;
    });
    const count = (part: readonly (string | undefined)[], { by, share }: LabelRule) => {
      const counts = new Map<string, number>();
      for (const label of part) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
      const most = Math.max(0, ...counts.values());
      const enough = { end: true, any: most > 0, majority: most > part.length / 2, share: most >= share * part.length };
      if (by === "end") return part.at(-1);
      return most > 0 && enough[by] ? part.findLast((label) => label !== _ && counts.get(label) === most) : _;
    };
    for (const by of ["end", "any", "majority", "share"] as const) {
      for (const [size, hop] of [
        [10, 3],
        [7, 7],
        [4, 9],
      ] as const) {
        const rule = { by, share: 0.5 };
        const windows: (string | undefined)[][] = [];
        for (let from = 0; from + size <= labels.length; from += hop) windows.push(labels.slice(from, from + size));
        const expected = windows.map((part) => count(part, rule));
        expect(of(rule, labels, size, hop)).toEqual(expected);
        const byTime = run({ by: "time", size, hop, label: rule }, labelled(labels)).frames;
        expect(byTime.map(({ info }) => info.label)).toEqual(expected.slice(0, byTime.length));
        expect(byTime.length).toBeGreaterThanOrEqual(expected.length - 1);
      }
    }
  });

  it("tells 255 labels apart in a window, whatever came before; further ones count as none", () => {
    const many = Array.from({ length: 2000 }, (_, i) => `label ${i}`);
    expect(of({ by: "any", share: 1 }, many, 200, 200)).toEqual(many.filter((_, i) => i % 200 === 199));
    expect(of({ by: "any", share: 1 }, many, 1000, 1000)[0]).toBe("label 254");
    expect(of({ by: "share", share: 0.5 }, [...many.slice(0, 300), ...Array(700).fill("x")], 1000)).toEqual([_]);
  });

  it("after an interruption only the new samples count", () => {
    const { frames } = run({ by: "samples", size: 3, hop: 3, label: { by: "any", share: 1 }, gapLimit: 50 }, [
      at(0, 0, { label: "old" }),
      at(1, 1, { label: "old" }),
      at(100, 2),
      at(101, 3, { label: "new" }),
      at(102, 4),
    ]);
    expect(frames.map(({ info }) => info.label)).toEqual(["new"]);
  });
});
