import { EdgeMlError } from "../errors/index.js";
import { compile } from "../frame/index.js";
import { object, text } from "./manifest-schema.js";
import { ProtobufError, readMetadata } from "./onnx/index.js";

/** Where the background lies in the ONNX file's metadata_props. */
export const BACKGROUND_KEY = "edge_ml.background";

/** Embeddings of everyday examples, which a class of one's own can be learned against. */
export interface Background {
  /** What such a frame is: "none". */
  label: string;
  rows: number;
  /** Numbers in an embedding. */
  columns: number;
  /** Row-major [rows, columns]. */
  data: Float32Array<ArrayBuffer>;
}

/** As many frames as a learning keeps, and as many numbers as its frames may have. */
const MAX_ROWS = 20_000;
const MAX_COLUMNS = 4096;
const MAX_LENGTH = 32 * 1024 * 1024;

interface StoredBackground {
  label: string;
  rows: number;
  columns: number;
  /** value = int8 × scale of its column, [columns] */
  scale: number[];
  /** int8, row-major, in base64. */
  data: string;
}

const validate = compile<StoredBackground>(
  object({
    label: { ...text, minLength: 1, maxLength: 128 },
    rows: { type: "integer", minimum: 1, maximum: MAX_ROWS },
    columns: { type: "integer", minimum: 1, maximum: MAX_COLUMNS },
    scale: { type: "array", maxItems: MAX_COLUMNS, items: { type: "number" } },
    data: text,
  }),
  "EDGE_ML_MODEL_BACKGROUND",
  "background",
);

/**
 * The background that a model brings.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_BACKGROUND when it has none, or a damaged one
 */
export function readBackground(bytes: Uint8Array, name = "unnamed"): Background {
  const stored = readStored(bytes, name);
  const { label, rows, columns, scale } = stored;
  if (scale.length !== columns) throw wrong(name, `it has ${scale.length} scales for ${columns} columns`);
  const packed = Buffer.from(stored.data, "base64");
  if (packed.length !== rows * columns) {
    throw wrong(name, `it has ${packed.length} numbers instead of ${rows} × ${columns}`);
  }
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = packed.readInt8(i) * scale[i % columns]!;
  if (data.some((value) => !Number.isFinite(value))) throw wrong(name, "a number in it is not finite");
  return { label, rows, columns, data };
}

function readStored(bytes: Uint8Array, name: string): StoredBackground {
  let found: string | undefined;
  try {
    found = readMetadata(bytes).get(BACKGROUND_KEY);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw wrong(name, `its file is damaged (${error.message})`, error);
  }
  if (found === undefined) throw wrong(name, "there are none in its file");
  if (found.length > MAX_LENGTH) throw wrong(name, `they are ${found.length} characters long`);
  let value: unknown;
  try {
    value = JSON.parse(found);
  } catch (error) {
    throw wrong(name, "they are not JSON", error);
  }
  try {
    return validate(value);
  } catch (error) {
    const { field, got, expected } = EdgeMlError.from(error).details;
    throw wrong(name, `their ${field} is ${got}, but must be ${expected}`, error);
  }
}

function wrong(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_BACKGROUND", { name, reason }, { cause });
}
