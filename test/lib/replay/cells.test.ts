import { describe, expect, it } from "vitest";
import { isMissing, numberIn } from "../../../nodes/lib/replay/csv/cells.ts";

describe("numberIn", () => {
  const cells: [cell: string, decimal: "." | ",", number: number | null][] = [
    ["1", ".", 1],
    ["-1.5", ".", -1.5],
    ["+.5e-3", ".", 0.0005],
    ["5.", ".", 5],
    ["0x10", ".", null],
    ["1,5", ".", null],
    ["1 000", ".", null],
    ["1,5", ",", 1.5],
    ["-0,25E2", ",", -25],
    ["1.5", ",", 1.5],
    ["1.234,5", ",", 1234.5],
    ["1.234.567,8", ",", 1234567.8],
    ["1.23,5", ",", null],
    ["true", ".", 1],
    ["False", ".", 0],
    ["on", ".", null],
    ["", ".", null],
    ["1e999", ".", null],
    ["Infinity", ".", null],
    ["-inf", ".", null],
    ["NaN", ".", null],
    ["NA", ".", null],
    ["null", ".", null],
    ["#VALUE!", ".", null],
    ["1970-01-01", ".", null],
    ["__proto__", ".", null],
  ];
  it.each(cells)("%s with decimal %s is %s", (cell, decimal, number) => {
    expect(numberIn(cell, decimal)).toBe(number);
  });
});

describe("isMissing", () => {
  it.each(["", "#VALUE!", "#DIV/0!", "#N/A", "NA", "n/a", "NaN", "null", "None", "inf", "-Infinity", "-", "--", "?"])(
    "%s",
    (cell) => expect(isMissing(cell)).toBe(true),
  );
  it.each(["0", "on", "fault", "-1", "nothing"])("%s is there", (cell) => expect(isMissing(cell)).toBe(false));
});
