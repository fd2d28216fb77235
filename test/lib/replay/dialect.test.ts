import { describe, expect, it } from "vitest";
import { detectDialect, notText } from "../../../nodes/lib/replay/csv/dialect.ts";
import { headerNames, looksLikeData } from "../../../nodes/lib/replay/csv/header.ts";

describe("detectDialect", () => {
  const files: [name: string, text: string, delimiter: string, decimal: string][] = [
    ["comma", "a,b\n1.5,2\n3,4\n", ",", "."],
    ["semicolon", "a;b\n1.5;2\n3;4\n", ";", "."],
    ["semicolon with decimal comma", "a;b\n1,5;2,5\n3,1;4,2\n", ";", ","],
    ["semicolon, decimal comma in every cell, more commas than semicolons", "t;a\n1,1;1,5\n2,2;2,5\n", ";", ","],
    ["tab", "a\tb\n1.5\t2\n", "\t", "."],
    ["tab with decimal comma and thousands", "a\tb\n1.234,5\t2\n", "\t", ","],
    ["one column", "a\n1\n2\n", ",", "."],
    ["one column of decimal commas is two columns, as written", "a,b\n1,5\n2,5\n", ",", "."],
    ["quoted delimiters", '"a;x;y";b\n"1;2;3";4\n', ";", "."],
    ["commas in a text column of a semicolon file", "t;note;v\n1;a, b, c;2\n2;d;3\n", ";", "."],
    ["sep= line of a spreadsheet", "sep=;\na;b\n1;2\n", ";", "."],
    ["CR only", "a;b\r1,5;2,5\r3,5;4,5\r", ";", ","],
    ["a cut last line", "a;b;c\n1;2;3\n4", ";", "."],
  ];
  it.each(files)("%s", (_, text, delimiter, decimal) => {
    expect(detectDialect(Buffer.from(text))).toMatchObject({ delimiter, decimal, encoding: "utf-8" });
  });

  it("tells encodings apart", () => {
    expect(detectDialect(Buffer.from("\uFEFFa,b\n1,2\n", "utf16le")).encoding).toBe("utf-16le");
    expect(detectDialect(Buffer.from("\uFEFFa,b\n1,2\n", "utf16le").swap16()).encoding).toBe("utf-16be");
    expect(detectDialect(Buffer.from("T [°C],b\n1,2\n", "latin1")).encoding).toBe("windows-1252");
    // Cut inside a character.
    expect(detectDialect(Buffer.from("a,b\n1,2\n°").subarray(0, -1)).encoding).toBe("utf-8");
  });

  it("tells what is not text", () => {
    expect(notText(Buffer.from("PK\x03\x04abc"))).toMatch(/spreadsheet/);
    expect(notText(Buffer.from([0x1f, 0x8b, 8]))).toMatch(/gzip/);
    expect(notText(Buffer.from([1, 2, 0, 3]))).toBe("binary");
    expect(notText(Buffer.from("\uFEFFa,b", "utf16le"))).toBeUndefined();
    expect(notText(Buffer.from("a,b"))).toBeUndefined();
  });
});

describe("headerNames", () => {
  it("trims, numbers what is there twice, and names blanks by position", () => {
    expect(headerNames([" a ", "b", "a", "", "a", "a (2)", " ", "__proto__"])).toEqual([
      "a",
      "b",
      "a (2)",
      "column 4",
      "a (3)",
      "a (2) (2)",
      "column 7",
      "__proto__",
    ]);
  });
  it("stays unique when names are shortened", () => {
    const names = headerNames(["x".repeat(200), "x".repeat(201)]);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toHaveLength(128);
  });
  it("knows a file without a header", () => {
    expect(looksLikeData(["1", "2.5", ""], ".")).toBe(true);
    expect(looksLikeData(["time", "2"], ".")).toBe(false);
    expect(looksLikeData(["", ""], ".")).toBe(false);
  });
});
