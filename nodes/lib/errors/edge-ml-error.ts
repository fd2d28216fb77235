import { catalogue, type ErrorCode } from "./catalogue.js";

export type ErrorDetails = Readonly<Record<string, unknown>>;

/** An error with a code from the catalogue and a sentence that says what to do. */
export class EdgeMlError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(sentence(code, details), options);
    this.name = "EdgeMlError";
    this.code = code;
    this.details = details;
  }

  /** Any thrown thing as a coded error: ours as it is, others as EDGE_ML_INTERNAL with the cause kept. */
  static from(error: unknown): EdgeMlError {
    if (error instanceof EdgeMlError) return error;
    return new EdgeMlError("EDGE_ML_INTERNAL", { reason: reasonOf(error) }, { cause: error });
  }

  /**
   * What was thrown while something from a message was read: ours as it is. Anything else came from the message itself
   * (a getter or a proxy that throws, a buffer that was given away), and says so with this code.
   */
  static reading(
    error: unknown,
    code: "EDGE_ML_PAYLOAD" | "EDGE_ML_FRAME" | "EDGE_ML_COMMAND",
    field: string,
  ): EdgeMlError {
    if (error instanceof EdgeMlError) return error;
    const got = `something that cannot be read (${shorten(reasonOf(error))})`;
    return new EdgeMlError(code, { field, got, expected: "plain data" }, { cause: error });
  }
}

function sentence(code: ErrorCode, details: ErrorDetails): string {
  const { text, todo } = catalogue[code];
  const filled = text.replace(/\{(\w+)\}/g, (_, key: string) => (key in details ? String(details[key]) : "unknown"));
  return `${filled} ${todo}`;
}

const MAX_SHOWN = 60;

/** Anything may be thrown, also what cannot be made a text. */
function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return "an error without a text";
  }
}

/** What came, in a few words, for the `got` of an error: `the text "abc"`, `an array of 3`, `NaN`. Never throws. */
export function describe(value: unknown): string {
  try {
    return inWords(value);
  } catch {
    return "an object that cannot be read";
  }
}

function inWords(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return value === "" ? "empty" : `the text "${shorten(value)}"`;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value))
    return `${Object.prototype.toString.call(value).slice(8, -1)} of ${value.byteLength} bytes`;
  return `an object (${shorten(Object.keys(value).slice(0, 5).join(", ")) || "no fields"})`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
