import { EdgeMlError } from "../errors/index.js";
import { checkManifest, type Manifest } from "./manifest.js";
import { encodeModel, type OnnxGraph, ProtobufError, readMetadata, setMetadata } from "./onnx/index.js";

/** Where the manifest lies in the ONNX file's metadata_props. */
export const MANIFEST_KEY = "edge_ml.manifest";

/** A manifest is small; one of thousands of features is a few MB. */
const MAX_MANIFEST_LENGTH = 32 * 1024 * 1024;

/**
 * A model bundle: one ONNX file with the manifest inside.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID, also for a manifest that would not be read back, as one with NaN in it
 */
export function writeBundle(graph: OnnxGraph, manifest: Manifest): Uint8Array {
  return encodeModel(graph, {
    producerName: manifest.madeBy.name,
    producerVersion: manifest.madeBy.version,
    metadata: [[MANIFEST_KEY, manifestText(manifest)]],
  });
}

/**
 * The manifest of a model file, or undefined when it has none: a model from elsewhere.
 * @param name what the model is called in the error
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID
 */
export function readManifest(bytes: Uint8Array, name = "unnamed"): Manifest | undefined {
  let text: string | undefined;
  try {
    text = readMetadata(bytes).get(MANIFEST_KEY);
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw invalid(name, `it is not an ONNX file, or a damaged one (${error.message})`, error);
  }
  if (text === undefined) return undefined;
  if (text.length > MAX_MANIFEST_LENGTH) throw invalid(name, `its manifest is ${text.length} characters long`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(name, "its manifest is not JSON", error);
  }
  return checkManifest(value, name);
}

/** A model file, from anywhere, with this manifest instead of the one it had. The graph stays byte for byte. */
export function withManifest(bytes: Uint8Array, manifest: Manifest): Uint8Array {
  return setMetadata(bytes, MANIFEST_KEY, manifestText(manifest), manifest.name);
}

function manifestText(manifest: Manifest): string {
  const text = JSON.stringify(manifest);
  // What is read back is what counts: JSON turns NaN into null.
  checkManifest(JSON.parse(text), manifest.name);
  return text;
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}
