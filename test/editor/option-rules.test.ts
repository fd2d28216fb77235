import { describe, expect, it } from "vitest";
import {
  asText,
  brokenRule,
  choiceKey,
  type Description,
  firstBroken,
  fromText,
  kindOf,
  matters,
  type OptionSchema,
  stored,
} from "../../nodes/editor/option-rules.ts";
import { json } from "../support/sources.ts";

const catalog = json<{ "edge-features": Record<string, Record<string, string>> }>(
  "nodes/edge-features/locales/en-US/catalog.json",
)["edge-features"];

const numbers: OptionSchema = { type: "array", items: { type: "number", minimum: 0 } };
const pairs: OptionSchema = {
  type: "array",
  items: { type: "array", items: { type: "number", minimum: 0 }, minItems: 2, maxItems: 2 },
};

describe("a field", () => {
  const texts: [string, OptionSchema, string, unknown][] = [
    ["a number", { type: "number" }, " 1.5 ", 1.5],
    ["a negative number", { type: "number" }, "-2e3", -2000],
    ["no number", { type: "number" }, "1,5", "1,5"],
    ["nothing", { type: "number" }, "", ""],
    ["hexadecimal is no number", { type: "integer" }, "0x10", "0x10"],
    ["a list", numbers, "10, 20;30  40", [10, 20, 30, 40]],
    ["an empty list", numbers, " ", []],
    ["a list with a word", numbers, "10, x", "10, x"],
    [
      "ranges",
      pairs,
      "10-20, 20 – 50.5",
      [
        [10, 20],
        [20, 50.5],
      ],
    ],
    [
      "ranges with signs and powers",
      pairs,
      "-5--1, 1e-3-1e3",
      [
        [-5, -1],
        [0.001, 1000],
      ],
    ],
    ["half a range", pairs, "10-", "10-"],
    ["texts", { type: "array", items: { type: "string" } }, "a, b b", ["a", "b b"]],
    ["a text", { type: "string" }, " Europe/Berlin", "Europe/Berlin"],
  ];
  it.each(texts)("reads %s", (_, schema, text, value) => {
    expect(fromText(schema, text)).toEqual(value);
  });

  it.each(texts)("shows %s so that it is read as the same again", (_, schema, __, value) => {
    expect(fromText(schema, asText(value))).toEqual(value);
  });

  it.each<[OptionSchema, string]>([
    [{ type: "boolean" }, "flag"],
    [{ type: "string", enum: ["a"] }, "choice"],
    [{ enum: [1, 2] }, "choice"],
    [{ type: "array", items: { enum: ["a"] } }, "choices"],
    [{ type: "integer" }, "number"],
    [numbers, "numbers"],
    [pairs, "pairs"],
    [{ type: "array", items: { type: "string" } }, "texts"],
    [{ type: "string" }, "text"],
  ])("for %j is of the kind %s", (schema, kind) => expect(kindOf(schema)).toBe(kind));

  it("shows the default for what a flow leaves out or empty, as it is when the flow runs", () => {
    const schema: OptionSchema = { type: "number", default: 3 };
    expect([undefined, null, " ", "4", 0].map((value) => stored(schema, value))).toEqual([3, 3, 3, "4", 0]);
    expect(stored({ type: "string", default: "x" }, "")).toBe("");
  });
});

describe("what is wrong", () => {
  const whole: OptionSchema = { type: "integer", minimum: 1, maximum: 8 };
  it.each<[string, OptionSchema, unknown, string | undefined]>([
    ["a number", { type: "number" }, 1, undefined],
    ["a number as text", { type: "number" }, "1e3", undefined],
    ["a word", { type: "number" }, "x", "a number"],
    ["nothing", { type: "number" }, "", "a number"],
    ["infinity", { type: "number" }, "1e999", "a number"],
    ["NaN", { type: "number" }, Number.NaN, "a number"],
    ["a list for a number", { type: "number" }, [1], "a number"],
    ["the least", whole, 1, undefined],
    ["the most", whole, "8", undefined],
    ["too little", whole, 0, "a whole number from 1 to 8"],
    ["too much", whole, 9, "a whole number from 1 to 8"],
    ["half", whole, 1.5, "a whole number from 1 to 8"],
    ["not above", { type: "number", exclusiveMinimum: 0 }, 0, "a number above 0"],
    ["not above, or too much", { type: "number", exclusiveMinimum: 0, maximum: 1 }, 2, "a number above 0 and up to 1"],
    ["not below", { type: "number", minimum: 0, exclusiveMaximum: 1 }, 1, "a number from 0 to below 1"],
    ["not below, without least", { type: "number", exclusiveMaximum: 1 }, 1, "a number below 1"],
    ["beyond the most", { type: "number", maximum: 1 }, 2, "a number up to 1"],
    ["between", { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 }, 1, "a number above 0 and below 1"],
    ["under the least", { type: "number", minimum: 0 }, -1, "a number from 0"],
    ["no such choice", { enum: ["a", "b"] }, "c", "one of the choices"],
    ["a numeric choice as text", { enum: [2, 4] }, "4", undefined],
    ["none chosen", { type: "array", items: { enum: ["a"] }, default: ["a"] }, [], "at least 1 of the choices"],
    ["none chosen where that is the default", { type: "array", items: { enum: ["a"] }, default: [] }, [], undefined],
    ["an unknown choice among others", { type: "array", items: { enum: ["a"] } }, ["a", "c"], "one of the choices"],
    ["a list", numbers, [1, 2], undefined],
    ["a list of text", numbers, "1, x", "numbers from 0 with commas between them"],
    ["a list with one too small", numbers, [1, -1], "numbers from 0 with commas between them"],
    ["halves", { type: "array", items: { type: "integer" } }, [0.5], "whole numbers with commas between them"],
    ["an empty list", { ...numbers, minItems: 2 }, [1], "a list of at least 2"],
    ["a long list", { ...numbers, maxItems: 2 }, [1, 2, 3], "a list of at most 2"],
    ["ranges", pairs, [[1, 2]], undefined],
    ["half a range", pairs, [[1]], "ranges such as 10-20, 20-50, each end from 0"],
    ["no text", { type: "string", minLength: 1 }, "", "filled in"],
  ])("%s", (_, schema, value, rule) => {
    const broken = brokenRule(schema, value);
    expect(broken && inWords(broken)).toBe(rule);
  });

  /** As the dialog puts it together. */
  function inWords({ key, range, values }: NonNullable<ReturnType<typeof brokenRule>>): string {
    const fill = (text: string, all: Record<string, unknown>) =>
      text.replace(/__(\w+?)__/g, (_, name) => String(all[name]));
    if (range === undefined) return fill(catalog.rule![key]!, values);
    return fill(catalog.rule![`${key}Range`]!, { ...values, range: fill(catalog.range![range]!, values) });
  }
});

describe("an option that depends on others", () => {
  const description: Description = {
    id: "spectrum",
    options: {
      analysis: { enum: ["FFT", "wavelet"], default: "FFT" },
      filter: { enum: ["none", "low"], default: "none" },
      cutoff: { type: "number", default: 3, exclusiveMinimum: 0 },
    },
    when: { filter: { analysis: ["FFT"] }, cutoff: { filter: ["low"] } },
  };
  it.each([
    [{}, "cutoff", false],
    [{ filter: "low" }, "cutoff", true],
    [{ filter: "low", analysis: "wavelet" }, "filter", false],
    // Its filter does not matter, so it does not either.
    [{ filter: "low", analysis: "wavelet" }, "cutoff", false],
    [{}, "analysis", true],
  ])("with %j: %s matters: %s", (values, option, expected) => {
    expect(matters(description, values, option)).toBe(expected);
  });

  it("is never wrong while it does not matter", () => {
    expect(firstBroken(description, { cutoff: 0 })).toBeUndefined();
    expect(firstBroken(description, { cutoff: 0, filter: "low" })).toMatchObject({ option: "cutoff", range: "above" });
  });

  it("ends with conditions that go in a circle", () => {
    const circle = { ...description, when: { filter: { cutoff: [3] }, cutoff: { filter: ["none"] } } };
    expect(matters(circle, {}, "filter")).toBe(true);
  });
});

it("a choice is a part of a key", () => expect(choiceKey("bior1.3")).toBe("bior1_3"));
