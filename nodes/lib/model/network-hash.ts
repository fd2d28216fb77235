import { createHash } from "node:crypto";
import { readMetadata, setMetadata } from "./onnx/index.js";

/** What this package writes into a file begins so. */
const OWN_KEYS = "edge_ml.";

/**
 * SHA-256, in hexadecimal, of a model's file without what this package wrote into it: two files with the same network have
 * the same, whatever version they are in whichever store.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the bytes are no protobuf
 */
export function networkHash(bytes: Uint8Array, name = "unnamed"): string {
  let network = bytes;
  for (const key of readMetadata(bytes).keys()) {
    if (key.startsWith(OWN_KEYS)) network = setMetadata(network, key, undefined, name);
  }
  return createHash("sha256").update(network).digest("hex");
}
