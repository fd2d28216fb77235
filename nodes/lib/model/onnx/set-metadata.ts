import { EdgeMlError } from "../../errors/index.js";
import { encodeEntry } from "./encode.js";
import { Model } from "./fields.js";
import { readEntry } from "./model-info.js";
import { ProtobufError, protobufFields } from "./protobuf-reader.js";
import { ProtobufWriter } from "./protobuf-writer.js";

/**
 * The same model with one entry of its metadata_props set, or removed when `value` is undefined. Everything else is
 * copied byte for byte, also what this package does not know.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the bytes are no protobuf
 */
export function setMetadata(bytes: Uint8Array, key: string, value: string | undefined, name = "unnamed"): Uint8Array {
  const writer = new ProtobufWriter();
  try {
    let kept = 0;
    for (const field of protobufFields(bytes)) {
      if (field.number !== Model.metadataProps || readEntry(field)[0] !== key) continue;
      writer.raw(bytes.subarray(kept, field.start));
      kept = field.end;
    }
    writer.raw(bytes.subarray(kept));
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const reason = `it is not an ONNX file, or a damaged one (${error.message})`;
    throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause: error });
  }
  if (value !== undefined) writer.message(Model.metadataProps, encodeEntry(key, value));
  return writer.finish();
}
