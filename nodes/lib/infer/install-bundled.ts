import { type BundledModel, type BundledModels, copyOfBundled, type ModelStore, originOf } from "../model/index.js";
import { loadModel, type ModelFile } from "./load-model.js";
import type { Runner } from "./runner.js";

/** The part of the model store that it needs. */
type InstallStore = Pick<ModelStore, "current" | "list" | "read" | "save">;

/**
 * Puts a copy of a bundled model into the store, when the store has no model of that name, or when what is in use there is
 * the copy of an older one. It is loaded and tried first. A model of one's own is never touched, and a copy that was there
 * before is not brought back: whoever went back from it had a reason.
 * @param load tries it
 * @returns the new version, in use now; undefined when nothing was to be done
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME, EDGE_ML_STORE; the store is as it was then
 */
export async function installBundled(
  store: InstallStore,
  bundled: BundledModels,
  name: string,
  load: (file: ModelFile) => Promise<{ runner: Pick<Runner, "close"> }> = loadModel,
): Promise<string | undefined> {
  const model = await bundled.read(name);
  if (!model || !(await isWanted(store, model))) return undefined;
  const { runner } = await load({ ...model, version: model.manifest.version });
  await runner.close();
  return (await store.save(name, (version) => copyOfBundled(model, version))).version;
}

async function isWanted(store: InstallStore, { name, sha256, manifest }: BundledModel): Promise<boolean> {
  const versions = await store.list(name);
  if (versions.length === 0) return true;
  const current = await store.current(name);
  if (!current?.manifest || originOf(current.bytes) === undefined) return false;
  if (Date.parse(current.manifest.created) >= Date.parse(manifest.created)) return false;
  for (const version of versions) {
    // One that cannot be read is none.
    const other = await store.read(name, version).catch(() => undefined);
    if (other && originOf(other.bytes) === sha256) return false;
  }
  return true;
}
