import { join } from "node:path";
import { installBundled } from "../lib/infer/index.js";
import { BundledModels, type ModelStore } from "../lib/model/index.js";

/** The models that come with the package. */
export const bundledModels = new BundledModels(join(__dirname, "..", "..", "models"));

const installing = new WeakMap<ModelStore, Map<string, Promise<unknown>>>();

/**
 * Puts a model that comes with the package into the store, where the store has none of that name or only an older copy.
 * Those who ask meanwhile wait for the same work.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME, EDGE_ML_STORE
 */
export async function withBundled(store: ModelStore, name: string): Promise<void> {
  const known = installing.get(store) ?? new Map<string, Promise<unknown>>();
  installing.set(store, known);
  const work = known.get(name) ?? installBundled(store, bundledModels, name).finally(() => known.delete(name));
  known.set(name, work);
  await work;
}
