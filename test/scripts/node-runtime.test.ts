import { describe, expect, it } from "vitest";
import { isAtLeast } from "../../scripts/lib/node-runtime.ts";

describe("comparing versions", () => {
  const cases: [string, string, boolean][] = [
    ["22.9.0", "22.9.0", true],
    ["22.10.0", "22.9.0", true],
    ["24.0.0", "22.9.0", true],
    ["22.8.9", "22.9.0", false],
    ["20.20.2", "22.9.0", false],
    ["22.9.0-nightly", "22.9.0", true],
    ["22.9", "22.9.0", true],
    ["22.9", "22.9.1", false],
  ];
  it.each(cases)("%s is at least %s: %s", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
