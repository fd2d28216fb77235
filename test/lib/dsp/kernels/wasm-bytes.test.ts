import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { compile, TARGET } from "../../../../scripts/kernels.ts";

/** The compiler is a development tool: where it is not installed, this one test is left out and says so. */
function compilerMissing(): boolean {
  try {
    createRequire(import.meta.url).resolve("assemblyscript/package.json");
    return false;
  } catch {
    console.warn("assemblyscript is not installed: the committed kernel is not compared with its sources");
    return true;
  }
}

it.skipIf(compilerMissing())(
  "the committed kernel is what its sources compile to (npx tsx scripts/kernels.ts)",
  async () => {
    expect(await compile()).toBe(readFileSync(TARGET, "utf8"));
  },
  60_000,
);
