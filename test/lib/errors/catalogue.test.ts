import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../../nodes/lib/errors/index.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const page = readFileSync(join(ROOT, "docs/reference/errors.md"), "utf8");
const codes = Object.entries(catalogue);

describe("the catalogue of errors", () => {
  it.each(codes)("%s is in docs/reference/errors.md, word for word", (code, { text, todo }) => {
    expect(page.split("\n")).toContain(`| \`${code}\` | ${text} | ${todo} |`);
  });

  it("docs/reference/errors.md names no error that there is not", () => {
    const named = [...page.matchAll(/^\| `(EDGE_ML_\w+)`/gm)].map((match) => match[1]);
    expect(named.toSorted()).toEqual(codes.map(([code]) => code).toSorted());
  });

  it.each(codes)("%s is two sentences that a person can read", (_, { text, todo }) => {
    expect(text).toMatch(/^[A-Z{].*\.$/);
    expect(todo).toMatch(/^[A-Z].*\.$/);
    expect(text.length + todo.length).toBeLessThan(260);
  });
});
