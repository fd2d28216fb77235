import { EdgeMlError } from "../../errors/index.js";
import { type DataType, dataTypeName, Graph, Model, Tensor } from "./fields.js";
import { readEntry } from "./model-info.js";
import { messageFields } from "./nodes.js";
import { ProtobufError, type ProtobufField, protobufFields, protobufNumbers, textOf } from "./protobuf-reader.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/** The bytes of a file beside the model, by the location that the model gives. */
export type ReadBeside = (location: string) => Promise<Uint8Array>;

/** A protobuf can hold no more. */
const MAX_LENGTH = 2 ** 31 - 1;
const MAX_FILES = 1000;

const SIZES: Partial<Record<DataType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
};

/** A constant whose numbers lie in another file. */
interface ExternalTensor {
  name: string;
  location: string;
  offset: number;
  /** Bytes, by its shape and type. */
  length: number;
}

/**
 * The same model in one file: the numbers that it keeps in others (PyTorch's model.onnx.data) are taken in.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when a file is too short, or all together is more than 2 GB; what `read` throws
 */
export async function withInlineData(bytes: Uint8Array, read: ReadBeside, name = "unnamed"): Promise<Uint8Array> {
  try {
    return await inline(bytes, read, name);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw invalid(name, `it is not an ONNX file, or a damaged one (${error.message})`, error);
  }
}

async function inline(bytes: Uint8Array, read: ReadBeside, name: string): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const writer = new ProtobufWriter();
  let total = bytes.length;
  for (const field of protobufFields(bytes)) {
    if (field.number !== Model.graph) {
      writer.raw(bytes.subarray(field.start, field.end));
      continue;
    }
    const graph = new ProtobufWriter();
    for (const part of messageFields(field)) {
      const tensor = part.number === Graph.initializer ? externalTensor(part, name) : undefined;
      if (!tensor) {
        graph.raw(field.bytes.subarray(part.start, part.end));
        continue;
      }
      // Before anything of it is read: a length is only what the file claims.
      total += tensor.length;
      if (total > MAX_LENGTH) throw invalid(name, "with its weights it is larger than 2 GB");
      let file = files.get(tensor.location);
      if (!file) {
        if (files.size >= MAX_FILES) throw invalid(name, `its weights are in more than ${MAX_FILES} files`);
        file = await read(tensor.location);
        files.set(tensor.location, file);
      }
      graph.message(Graph.initializer, inlineTensor(part, cut(file, tensor, name)));
    }
    writer.message(Model.graph, graph);
  }
  return writer.finish();
}

/** Undefined for one whose numbers are in the model itself. */
function externalTensor(field: ProtobufField, model: string): ExternalTensor | undefined {
  const entries = new Map<string, string>();
  let name = "";
  let type = 0;
  let count = 1;
  for (const part of messageFields(field)) {
    if (part.number === Tensor.externalData) entries.set(...readEntry(part));
    else if (part.number === Tensor.name) name = textOf(part);
    else if (part.number === Tensor.dataType) type = Number(part.int);
    else if (part.number === Tensor.dims) for (const size of protobufNumbers(part)) count *= size;
  }
  if (entries.size === 0) return undefined;
  const location = entries.get("location") ?? "";
  const offset = Number(entries.get("offset") ?? 0);
  const size = SIZES[dataTypeName(type) ?? "string"];
  if (size === undefined)
    throw invalid(model, `its weights "${name}" are in another file, and of a type that is not known`);
  const length = count * size;
  const sane = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (!sane(count) || !sane(length) || !sane(offset)) {
    throw invalid(model, `its weights "${name}" are of an impossible size`);
  }
  return { name, location, offset, length };
}

function cut(file: Uint8Array, { name, location, offset, length }: ExternalTensor, model: string): Uint8Array {
  if (offset + length <= file.length) return file.subarray(offset, offset + length);
  const missing = `"${name}" needs ${offset + length} bytes of ${location}, which has ${file.length}`;
  throw invalid(model, `the file with its weights is too short: ${missing}`);
}

function inlineTensor(field: ProtobufField, data: Uint8Array): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const part of messageFields(field)) {
    const external = part.number === Tensor.externalData || part.number === Tensor.dataLocation;
    if (!external) writer.raw(field.bytes.subarray(part.start, part.end));
  }
  return writer.bytes(Tensor.rawData, data);
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}
