import { describe, expect, it } from "vitest";
import { parseClassThresholds, parseLabels } from "../../nodes/edge-infer/class-list.ts";

describe("parseLabels", () => {
  it.each([
    ["", []],
    ["  ", []],
    ["idle", ["idle"]],
    [" wand up ,, spin,", ["wand up", "spin"]],
  ])("reads %j", (text, labels) => {
    expect(parseLabels(text)).toEqual(labels);
  });
});

describe("parseClassThresholds", () => {
  it.each([
    ["", []],
    ["spin 0.8", [{ label: "spin", threshold: 0.8 }]],
    [
      "wand up .5, class 3 1",
      [
        { label: "wand up", threshold: 0.5 },
        { label: "class 3", threshold: 1 },
      ],
    ],
    ["__proto__ 0", [{ label: "__proto__", threshold: 0 }]],
  ])("reads %j", (text, thresholds) => {
    expect(parseClassThresholds(text)).toEqual(thresholds);
  });

  it.each(["spin", "0.8", "spin 1.1", "spin -1", "spin 0.8 high", "spin 0.8, spin 0.9"])("does not read %j", (text) => {
    expect(parseClassThresholds(text)).toBeUndefined();
  });
});
