export { type CsvColumn, type CsvDescription, inspectCsv, timeColumnOf } from "./inspect.js";
export { type CsvOptions, openCsv } from "./source.js";
export {
  checkZone,
  type DetectedFormat,
  detectTimeFormat,
  type TimeReader,
  timeFormats,
  timeReader,
} from "./time-format.js";
