/** What the JSON schema of an option says, for dialogs: how its field is read and shown, and what is wrong with it. */

/** The part of an option's JSON schema that a field needs. */
export interface OptionSchema {
  type?: string;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: OptionSchema;
  /** Whether the catalog has a sentence on it. */
  hint?: boolean;
}

/** What the dialog knows of a block, filter or learner; its texts are in the catalog. */
export interface Description {
  id: string;
  group?: string;
  options: Record<string, OptionSchema>;
  when?: Record<string, Record<string, readonly unknown[]>>;
}

export type OptionKind = "flag" | "choice" | "choices" | "number" | "numbers" | "pairs" | "texts" | "text";

/** What is wrong, as a key of the catalog under `rule.` and what is put into it. */
export interface BrokenRule {
  key: string;
  values: Record<string, unknown>;
  /** The same for the range that a number must keep to, under `range.`. */
  range?: string;
}

/** A row of a list: the id under `block` or `filter`, and the options. */
export type Row = Record<string, unknown>;

export function kindOf({ type, enum: choices, items }: OptionSchema): OptionKind {
  if (choices !== undefined) return "choice";
  if (type === "boolean") return "flag";
  if (type === "number" || type === "integer") return "number";
  if (type !== "array") return "text";
  if (items?.enum !== undefined) return "choices";
  if (items?.type === "array") return "pairs";
  return items?.type === "number" || items?.type === "integer" ? "numbers" : "texts";
}

/** A stored value as it is shown: what was left out is the default, as it is when the flow runs. */
export function stored(schema: OptionSchema, value: unknown): unknown {
  const blank = typeof value === "string" && value.trim() === "" && schema.type !== "string";
  return value === undefined || value === null || blank ? schema.default : value;
}

/** A value as the text of its field: 3, "10, 20" or "10-20, 20-50". */
export function asText(value: unknown): string {
  if (!Array.isArray(value)) return value === undefined || value === null ? "" : String(value);
  return value.map((part) => (Array.isArray(part) ? part.join("-") : String(part))).join(", ");
}

/** The value that a field's text means; a text that means none stays as it is, for `brokenRule` to tell. */
export function fromText(schema: OptionSchema, text: string): unknown {
  const trimmed = text.trim();
  switch (kindOf(schema)) {
    case "number":
      return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
    case "numbers": {
      const parts = trimmed === "" ? [] : trimmed.split(/[\s,;]+/).filter((part) => part !== "");
      return parts.every((part) => NUMBER.test(part)) ? parts.map(Number) : trimmed;
    }
    case "pairs": {
      const parts = trimmed === "" ? [] : trimmed.split(/\s*[,;]\s*/).filter((part) => part !== "");
      const pairs = parts.map((part) => PAIR.exec(part));
      return pairs.every((pair) => pair !== null) ? pairs.map((pair) => [Number(pair[1]), Number(pair[2])]) : trimmed;
    }
    case "texts":
      return trimmed === "" ? [] : trimmed.split(/\s*[,;]\s*/).filter((part) => part !== "");
    default:
      return trimmed;
  }
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Two numbers with a hyphen or dash between them. */
const PAIR = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*[-–—]\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

/** What is wrong with the value of an option, or undefined. A number may be stored as text. */
export function brokenRule(schema: OptionSchema, value: unknown): BrokenRule | undefined {
  switch (kindOf(schema)) {
    case "flag":
      return undefined;
    case "choice":
      return schema.enum!.some((choice) => String(choice) === String(value))
        ? undefined
        : { key: "choice", values: {} };
    case "choices": {
      const list: unknown[] = Array.isArray(value) ? value : [];
      const known = list.every((each) => schema.items!.enum!.includes(each));
      return known ? brokenLength(schema, list, "choices") : { key: "choice", values: {} };
    }
    case "number":
      return isWithin(schema, value) ? undefined : { key: baseOf(schema), ...rangeOf(schema) };
    case "numbers": {
      if (!Array.isArray(value) || !value.every((part) => isWithin(schema.items!, part))) {
        return { key: schema.items!.type === "integer" ? "wholes" : "numbers", ...rangeOf(schema.items!) };
      }
      return brokenLength(schema, value, "count");
    }
    case "pairs": {
      const ends = schema.items!.items ?? {};
      const good = (pair: unknown) =>
        Array.isArray(pair) && pair.length === 2 && pair.every((end) => isWithin(ends, end));
      if (!Array.isArray(value) || !value.every(good)) return { key: "pairs", ...rangeOf(ends) };
      return brokenLength(schema, value, "count");
    }
    case "texts":
      return brokenLength(schema, Array.isArray(value) ? value : [], "count");
    case "text":
      return String(value ?? "").length < (schema.minLength ?? 0) ? { key: "text", values: {} } : undefined;
  }
}

function brokenLength(schema: OptionSchema, list: unknown[], key: "choices" | "count"): BrokenRule | undefined {
  // Blocks refuse an empty list where the default is not empty.
  const filled = Array.isArray(schema.default) && schema.default.length > 0;
  const min = schema.minItems ?? (filled ? 1 : 0);
  const max = schema.maxItems ?? Number.POSITIVE_INFINITY;
  if (list.length >= min && list.length <= max) return undefined;
  if (list.length > max) return { key: "most", values: { max } };
  return { key, values: { min } };
}

function baseOf({ type }: OptionSchema): string {
  return type === "integer" ? "whole" : "number";
}

function isWithin(schema: OptionSchema, value: unknown): boolean {
  if (typeof value !== "number" && (typeof value !== "string" || !NUMBER.test(value.trim()))) return false;
  const number = Number(value);
  if (!Number.isFinite(number) || (schema.type === "integer" && !Number.isInteger(number))) return false;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return (
    !(minimum !== undefined && number < minimum) &&
    !(maximum !== undefined && number > maximum) &&
    !(exclusiveMinimum !== undefined && number <= exclusiveMinimum) &&
    !(exclusiveMaximum !== undefined && number >= exclusiveMaximum)
  );
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: OptionSchema): {
  range?: string;
  values: Record<string, unknown>;
} {
  const least = minimum !== undefined ? "from" : exclusiveMinimum !== undefined ? "above" : "";
  const most = maximum !== undefined ? "to" : exclusiveMaximum !== undefined ? "below" : "";
  const values = { min: minimum ?? exclusiveMinimum, max: maximum ?? exclusiveMaximum };
  if (least === "" && most === "") return { values };
  return { range: least === "" ? most : least + most.charAt(0).toUpperCase() + most.slice(1), values };
}

/** Whether an option matters, given the others; what depends on an option that does not matter does not either. */
export function matters({ options, when }: Description, values: Row, option: string, depth = 0): boolean {
  const conditions = when?.[option];
  if (conditions === undefined || depth > 8) return true;
  return Object.entries(conditions).every(([other, wanted]) => {
    const value = stored(options[other] ?? {}, values[other]);
    return (
      wanted.some((each) => String(each) === String(value)) &&
      matters({ id: "", options, when: when! }, values, other, depth + 1)
    );
  });
}

/** The first thing that is wrong in a row, or undefined. An option that does not matter is never wrong. */
export function firstBroken(description: Description, row: Row): (BrokenRule & { option: string }) | undefined {
  for (const [option, schema] of Object.entries(description.options)) {
    if (!matters(description, row, option)) continue;
    const broken = brokenRule(schema, stored(schema, row[option]));
    if (broken) return { ...broken, option };
  }
  return undefined;
}

/** A choice as a part of a key of the catalog, in which dots and colons have a meaning. */
export function choiceKey(choice: unknown): string {
  return String(choice).replace(/[.:]/g, "_");
}
