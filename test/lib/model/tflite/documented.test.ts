import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { operators } from "../../../../nodes/lib/model/tflite/operators/registry.ts";
import { ROOT } from "../../../support/runtime.ts";

it("names every operator in the reference", () => {
  const text = readFileSync(join(ROOT, "docs/reference/model-bundle.md"), "utf8");
  const list = /^Operators: (.*?)\. /m.exec(text)?.[1]?.split(", ") ?? [];
  expect([...list].sort()).toEqual([...operators.keys()].sort());
});
