export { looseFiles, readLooseFile } from "./loose-files.js";
export type { MakeModel, StoredModel } from "./model-files.js";
export { ModelStore, type ModelStoreOptions } from "./model-store.js";
export { MODEL_NAME, MODEL_NAME_RULE } from "./name-rule.js";
export { checkModelName } from "./names.js";
export { sizeLimit, tooLarge } from "./size-limit.js";
