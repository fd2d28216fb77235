export type { SoundLabel } from "./labels.js";
export { inspectSound, isSoundFile, type SoundDescription } from "./sound-file.js";
export { openSound, type SoundOptions, type SoundPart } from "./source.js";
