export {
  type CsvColumn,
  type CsvDescription,
  type CsvOptions,
  checkZone,
  type DetectedFormat,
  inspectCsv,
  openCsv,
  timeColumnOf,
  timeFormats,
  timeReader,
} from "./csv/index.js";
export { DataFolder, EXAMPLES, type SoundFileName } from "./data-folder.js";
export { Pace } from "./pace.js";
export { type Clock, Player, type PlayerOptions } from "./player.js";
export type {
  ReplayPart,
  ReplayRow,
  ReplaySource,
  SoundChunk,
  SoundCounts,
  SoundSource,
  TableCounts,
  TableSource,
} from "./source.js";
export { inspectSound, isSoundFile, openSound, type SoundDescription, type SoundOptions } from "./wav/index.js";
