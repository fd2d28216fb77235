import type { SchemaObject } from "ajv";
import { EdgeMlError } from "../../errors/index.js";

/** The option of a filter that looks at as many samples before as after each one. */
export const widthOption: SchemaObject = {
  type: "integer",
  minimum: 3,
  maximum: 9999,
  default: 5,
  title: "Width (samples)",
  description: "An odd number: as many samples before as after.",
};

/** @throws EdgeMlError EDGE_ML_SETTING when the width is even */
export function checkOdd(width: number): void {
  if (width % 2 === 1) return;
  throw new EdgeMlError("EDGE_ML_SETTING", { field: "width", got: width, expected: "an odd number" });
}
