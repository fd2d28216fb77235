import { LocalFunction, Model } from "./fields.js";
import { graphFields, messageFields, readNodes } from "./nodes.js";
import { protobufFields, textOf } from "./protobuf-reader.js";

/** Whose operators ONNX Runtime has. */
const KNOWN = new Set([
  "",
  "ai.onnx",
  "ai.onnx.ml",
  "ai.onnx.training",
  "ai.onnx.preview.training",
  "com.microsoft",
  "com.microsoft.experimental",
  "com.microsoft.nchwc",
  "com.ms.internal.nhwc",
  "org.pytorch.aten",
]);
const MAX_NAMED = 8;

/**
 * Operators of a graph from a domain that neither ONNX Runtime nor the file itself has (PyTorch's exporter writes some as
 * functions into the file), as "domain.Type", the first few. Throws ProtobufError.
 */
export function foreignOperators(bytes: Uint8Array): string[] {
  const own = new Set<string>();
  for (const field of protobufFields(bytes)) {
    if (field.number !== Model.functions) continue;
    for (const part of messageFields(field)) if (part.number === LocalFunction.domain) own.add(textOf(part));
  }
  const foreign = new Set<string>();
  for (const { type, domain } of readNodes(graphFields(bytes))) {
    if (!KNOWN.has(domain) && !own.has(domain)) foreign.add(`${domain}.${type}`.slice(0, 100));
    if (foreign.size >= MAX_NAMED) break;
  }
  return [...foreign];
}
