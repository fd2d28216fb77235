import Ajv, { type ErrorObject, type SchemaObject } from "ajv";
import { describe, EdgeMlError, type ErrorCode } from "../errors/index.js";

const strict = new Ajv({ allErrors: false, strict: true, allowUnionTypes: true });
const forgiving = new Ajv({
  allErrors: false,
  strict: true,
  allowUnionTypes: true,
  coerceTypes: true,
  useDefaults: true,
  removeAdditional: false,
});

/**
 * A checker that returns the value as T, or throws a coded error that names the field, what came and what was expected.
 * @param root what the value is called in the error, for example `msg.frame`
 */
export function compile<T>(schema: SchemaObject, code: ErrorCode, root: string): (value: unknown) => T {
  const valid = strict.compile<T>(schema);
  return (value) => {
    if (valid(value)) return value;
    throw asEdgeMlError(valid.errors?.[0], value, code, root);
  };
}

/**
 * A reader of node settings: takes what the editor stored (numbers as text, fields left empty), and returns a new
 * object with just the schema's properties, defaults filled in.
 * @throws EdgeMlError EDGE_ML_SETTING naming the setting
 */
export function compileSettings<T>(schema: SchemaObject): (raw: object) => T {
  const valid = forgiving.compile<T>(schema);
  const properties = schema.properties as Record<string, { type?: string }>;
  return (raw) => {
    const value: Record<string, unknown> = {};
    for (const [key, property] of Object.entries(properties)) {
      const given = (raw as Record<string, unknown>)[key];
      if (given === undefined || given === null || (isBlank(given) && property.type !== "string")) continue;
      value[key] = cloned(given, key);
    }
    if (!valid(value)) throw asEdgeMlError(valid.errors?.[0], value, "EDGE_ML_SETTING", "");
    refuseInfinite(value, "");
    return value;
  };
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

function cloned(value: unknown, field: string): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new EdgeMlError("EDGE_ML_SETTING", { field, got: describe(value), expected: "plain data" });
  }
}

/** Texts such as "Infinity" and "1e999" become numbers, which no setting can mean. Settings are trees: they were cloned from JSON. */
function refuseInfinite(value: unknown, field: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new EdgeMlError("EDGE_ML_SETTING", { field, got: describe(value), expected: "a finite number" });
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) refuseInfinite(part, field === "" ? key : `${field}.${key}`);
}

function asEdgeMlError(error: ErrorObject | undefined, root: unknown, code: ErrorCode, name: string): EdgeMlError {
  if (!error) return new EdgeMlError(code, { field: name, got: describe(root), expected: "valid" });
  const missing =
    error.keyword === "required" ? `/${(error.params as { missingProperty: string }).missingProperty}` : "";
  const pointer = error.instancePath + missing;
  const path = pointer.split("/").slice(1);
  const field = [name, ...path].filter(Boolean).join(".") || "value";
  return new EdgeMlError(code, { field, got: describe(follow(root, path)), expected: expectation(error) });
}

function follow(root: unknown, path: string[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function expectation(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "enum":
      return `one of ${(params.allowedValues as unknown[]).join(", ")}`;
    case "const":
      return String(params.allowedValue);
    case "type":
      return `of type ${String(params.type)}`;
    case "minimum":
      return `at least ${params.limit}`;
    case "maximum":
      return `at most ${params.limit}`;
    case "exclusiveMinimum":
      return `more than ${params.limit}`;
    case "required":
      return "there";
    case "minItems":
      return `a list of at least ${params.limit}`;
    case "maxItems":
      return `a list of at most ${params.limit}`;
    case "minLength":
      return "not empty";
    case "additionalProperties":
      return `without the unknown field "${String(params.additionalProperty)}"`;
    default:
      return error.message ?? "valid";
  }
}
