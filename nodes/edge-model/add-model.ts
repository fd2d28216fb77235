import { EdgeMlError } from "../lib/errors/index.js";
import { loadModel } from "../lib/infer/index.js";
import {
  checkModelName,
  describeModel,
  isTflite,
  type ModelDescription,
  type ModelStore,
  type ReadBeside,
  readManifest,
  readModelInfo,
  tfliteAsOnnx,
  withInlineData,
  withManifest,
} from "../lib/model/index.js";

/** What became of a file that somebody brought. */
export interface Added {
  description: ModelDescription;
  /** The new version, in use; missing when the file was refused. */
  version?: string;
  /** Why it was refused. */
  error?: EdgeMlError;
}

/**
 * Makes a file from elsewhere the newest version of a model, and puts it in use, if it can be loaded and tried; else the
 * store stays as it is. Weights in other files are taken into the one that is stored.
 * @param beside reads those files
 * @throws EdgeMlError EDGE_ML_MODEL_NAME, EDGE_ML_STORE
 */
export async function addModel(store: ModelStore, name: string, file: Uint8Array, beside: ReadBeside): Promise<Added> {
  checkModelName(name);
  let bytes = file;
  let error: EdgeMlError | undefined;
  try {
    bytes = await inOneFile(file, name, beside);
  } catch (thrown) {
    error = EdgeMlError.from(thrown);
  }
  const description = await describeModel(bytes, name);
  try {
    if (error) throw error;
    const manifest = isTflite(bytes) ? undefined : readManifest(bytes, name);
    const onnx = isTflite(bytes) ? await tfliteAsOnnx(bytes, description.sha256, name) : bytes;
    const model = { name, version: "new", sha256: description.sha256, bytes: onnx };
    const { runner } = await loadModel(manifest ? { ...model, manifest } : model);
    await runner.close();
    const make = (version: string) => (manifest ? withManifest(bytes, { ...manifest, name, version }) : bytes);
    return { description, version: (await store.save(name, make)).version };
  } catch (thrown) {
    const { code, message } = EdgeMlError.from(thrown);
    if (code === "EDGE_ML_STORE") throw thrown;
    // What was found by looking is said better than what a trial says of the same.
    if (description.problems.length === 0) description.problems.push({ code, message });
    return { description, error: EdgeMlError.from(thrown) };
  }
}

/** @throws EdgeMlError EDGE_ML_MODEL_INVALID, also from `beside` */
async function inOneFile(file: Uint8Array, name: string, beside: ReadBeside): Promise<Uint8Array> {
  if (isTflite(file) || !readModelInfo(file, name).externalData) return file;
  return withInlineData(file, beside, name);
}
