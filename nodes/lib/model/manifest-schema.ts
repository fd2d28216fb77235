/** What the schema of a manifest is made of. */
import type { SchemaObject } from "ajv";

export const text: SchemaObject = { type: "string" };
export const number: SchemaObject = { type: "number" };
export const count: SchemaObject = { type: "integer", minimum: 0 };
export const texts: SchemaObject = { type: "array", items: text };

export const share: SchemaObject = { type: "number", minimum: 0, maximum: 1 };
export const amount: SchemaObject = { type: "number", minimum: 0 };
export const orNull = (schema: SchemaObject): SchemaObject => ({ ...schema, type: [schema.type, "null"] });

/** A part of the manifest: all of its fields but the optional ones must be there; unknown ones are for later formats. */
export function object(properties: Record<string, SchemaObject>, optional: string[] = []): SchemaObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", required, properties };
}
