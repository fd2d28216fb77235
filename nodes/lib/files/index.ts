export { atomicWrite, removeLeftovers } from "./atomic-write.js";
export { codeOf, disk, type FileSystem } from "./file-system.js";
export { StateFile } from "./state-file.js";
