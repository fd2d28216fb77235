import { describe, expect, it } from "vitest";
import {
  abnormalLabels,
  type Fitting,
  fittingLabels,
  isGood,
  type LabelRule,
  MAX_CLASSES,
} from "../../../../nodes/lib/learn/collect/fitting.ts";

const normal = { labels: ["normal", "0"], unlabelled: true };
const rules = {
  normal: { task: "anomaly", normal, classes: [] },
  labelled: { task: "anomaly", normal: { labels: ["Good "], unlabelled: false }, classes: [] },
  /** No label says what is normal: nobody knows what one means. */
  unlabelledOnly: { task: "anomaly", normal: { labels: [" "], unlabelled: true }, classes: [] },
  any: { task: "class", normal, classes: [] },
  named: { task: "class", normal, classes: ["wave", "idle"] },
  value: { task: "value", normal, classes: [], value: { from: "label" } },
  feature: { task: "value", normal, classes: [], value: { from: "feature", feature: "a", ahead: 3 } },
} satisfies Record<string, LabelRule>;

const table: [rule: keyof typeof rules, label: string | undefined, expected: string | Fitting][] = [
  ["normal", undefined, {}],
  ["normal", "  ", {}],
  ["normal", " NORMAL ", { label: "NORMAL" }],
  ["normal", "0", { label: "0" }],
  ["normal", " damper-stuck ", { label: "damper-stuck", abnormal: true }],
  ["normal", "1", { label: "1", abnormal: true }],
  ["normal", "__proto__", { label: "__proto__", abnormal: true }],
  ["normal", "uncertain", "unfit"],
  ["normal", "x".repeat(129), "unfit"],
  ["labelled", "bad", { label: "bad", abnormal: true }],
  ["unlabelledOnly", undefined, {}],
  ["unlabelledOnly", "damper-stuck", "unfit"],
  ["unlabelledOnly", "normal", "unfit"],
  ["labelled", undefined, "unfit"],
  ["labelled", "good", { label: "good" }],
  ["any", undefined, "unfit"],
  ["any", "", "unfit"],
  ["any", " wave ", { label: "wave" }],
  ["any", "Wave", { label: "Wave" }],
  ["any", "__proto__", { label: "__proto__" }],
  ["any", "uncertain", "unfit"],
  ["any", "x".repeat(129), "unfit"],
  ["named", "wave", { label: "wave" }],
  ["named", "Wave", "unfit"],
  ["named", "constructor", "unfit"],
  ["value", "21.5", { label: "21.5" }],
  ["value", " -1e-3 ", { label: "-1e-3" }],
  ["value", "1e999", "unfit"],
  ["value", "NaN", "unfit"],
  ["value", "Infinity", "unfit"],
  ["value", "0x10", "unfit"],
  ["value", "21,5", "unfit"],
  ["value", "warm", "unfit"],
  ["value", undefined, "unfit"],
  ["feature", undefined, {}],
  ["feature", "anything", {}],
];

describe("fittingLabels", () => {
  it.each(table)("%s: %j is %j", (rule, label, expected) => {
    expect(fittingLabels(rules[rule])(label)).toEqual(expected);
  });

  it("tells a bounded number of classes apart", () => {
    const fitting = fittingLabels(rules.any);
    for (let i = 0; i < MAX_CLASSES; i++) expect(fitting(`c${i}`)).toEqual({ label: `c${i}` });
    expect(fitting("one more")).toBe("unfit");
    expect(fitting("c0")).toEqual({ label: "c0" });
  });
});

describe("abnormalLabels", () => {
  it.each(table)("says the same of %s: %j", (rule, label, expected) => {
    expect(abnormalLabels(rules[rule])(label)).toBe(typeof expected === "object" && expected.abnormal === true);
  });

  it("goes on to know frames with more labels than are taken", () => {
    const fitting = fittingLabels(rules.normal);
    for (let i = 0; i < MAX_CLASSES; i++) expect(fitting(`f${i}`)).toEqual({ label: `f${i}`, abnormal: true });
    expect(fitting("one more")).toBe("unfit");
    expect(fitting("normal")).toEqual({ label: "normal" });
    expect(abnormalLabels(rules.normal)("one more")).toBe(true);
  });
});

describe("isGood", () => {
  const info = (ok: boolean) => ({ quality: { ok, reasons: [], missing: 0, filled: 0 } }) as never;
  it.each([
    ["numbers", true, [1, -2, 0], true],
    ["bad quality", false, [1, 2], false],
    ["NaN, whatever the quality says", true, [1, Number.NaN], false],
    ["infinity, whatever the quality says", true, [Number.NEGATIVE_INFINITY], false],
  ])("%s", (_, ok, data, expected) => {
    expect(isGood({ data: Float32Array.from(data), info: info(ok) })).toBe(expected);
  });
});
