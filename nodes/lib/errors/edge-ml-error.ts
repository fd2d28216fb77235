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
    const reason = error instanceof Error ? error.message : String(error);
    return new EdgeMlError("EDGE_ML_INTERNAL", { reason }, { cause: error });
  }
}

function sentence(code: ErrorCode, details: ErrorDetails): string {
  const { text, todo } = catalogue[code];
  const filled = text.replace(/\{(\w+)\}/g, (_, key: string) => (key in details ? String(details[key]) : "unknown"));
  return `${filled} ${todo}`;
}

const MAX_SHOWN = 60;

/** What came, in a few words, for the `got` of an error: `the text "abc"`, `an array of 3`, `NaN`. Never throws. */
export function describe(value: unknown): string {
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
