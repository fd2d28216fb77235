export { disk, type FileSystem } from "./file-system.js";
export type { MakeModel, StoredModel } from "./model-files.js";
export { ModelStore, type ModelStoreOptions } from "./model-store.js";
export { checkModelName, MODEL_NAME, MODEL_NAME_RULE } from "./names.js";
