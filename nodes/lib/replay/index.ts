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
export { DataFolder, EXAMPLES } from "./data-folder.js";
export { Pace } from "./pace.js";
export { type Clock, Player, type PlayerOptions } from "./player.js";
export type { ReplayCounts, ReplayRow, ReplaySource } from "./source.js";
