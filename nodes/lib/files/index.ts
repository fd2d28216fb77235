export { atomicWrite } from "./atomic-write.js";
export { StateFile } from "./state-file.js";
