import { describe, expect, it } from "vitest";
import { readBackground } from "../../../nodes/lib/model/index.ts";
import { background, keywordBytes, keywordManifest } from "../../support/keyword-model.ts";

const bytesWith = (value: unknown) =>
  keywordBytes(keywordManifest(), typeof value === "string" ? value : JSON.stringify(value));

describe("readBackground", () => {
  it("gives the rows that the model brings, each column by its scale", () => {
    const { label, rows, columns, data } = readBackground(bytesWith(background(3, 5)), "keywords");
    expect({ label, rows, columns }).toEqual({ label: "none", rows: 3, columns: 5 });
    expect(data).toHaveLength(15);
    expect(data[0]).toBe(-1);
    expect(data[6]).toBe(-122 * Math.fround(2 / 128));
    expect(data[14]).toBeCloseTo((-114 * 5) / 128, 6);
  });

  it.each<[string, unknown, string]>([
    ["no JSON", "{", "not JSON"],
    ["no object", "[]", "background"],
    ["no label", { ...background(), label: "" }, "label"],
    ["no rows", { ...background(), rows: 0 }, "rows"],
    ["more rows than may be learned from", { ...background(), rows: 20_001 }, "rows"],
    ["half a column", { ...background(), columns: 2.5 }, "columns"],
    ["a scale too few", { ...background(), scale: [1, 1, 1, 1] }, "4 scales for 5 columns"],
    ["a scale that is a text", { ...background(), scale: ["1", 1, 1, 1, 1] }, "scale"],
    ["a scale that is beyond float32", { ...background(), scale: [1e300, 1, 1, 1, 1] }, "not finite"],
    ["fewer numbers than it says", { ...background(), data: "AAAA" }, "3 numbers instead of 3 × 5"],
    ["numbers that are no text", { ...background(), data: [1, 2] }, "data"],
  ])("refuses one with %s", (_, value, reason) => {
    expect(() => readBackground(bytesWith(value), "keywords")).toThrow(
      expect.objectContaining({
        code: "EDGE_ML_MODEL_BACKGROUND",
        message: expect.stringContaining(reason) as string,
      }),
    );
  });

  it("says so of a model without one, and of a file that is none", () => {
    const coded = expect.objectContaining({ code: "EDGE_ML_MODEL_BACKGROUND" });
    expect(() => readBackground(keywordBytes(keywordManifest()))).toThrow(coded);
    expect(() => readBackground(Uint8Array.of(7, 255, 255))).toThrow(coded);
  });
});
