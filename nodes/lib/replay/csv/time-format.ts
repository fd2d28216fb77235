import { DateTime, IANAZone, type TokenParser } from "luxon";
import { EdgeMlError } from "../../errors/index.js";
import { numberIn } from "./cells.js";

/** Reads a cell as ms since 1970, or undefined when it is no time in this format. */
export type TimeReader = (cell: string) => number | undefined;

interface TimeFormat {
  id: string;
  /** For people, in the tokens they would write. */
  title: string;
  /** Makes the reader for a time zone. */
  reader(zone: string): TimeReader;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const CLOCK = "(?:[ T,]+(\\d{1,2})(?::(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?)?(?:\\s*([AaPp])\\.?[Mm]\\.?)?)?";

const ISO = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${CLOCK}\\s*(Z|UTC|GMT|[-+]\\d{2}(?::?\\d{2})?)?$`, "i");

/** Two numbers and a year with a separator between: which of the two is the month is the format's to say. */
const numeric = (separator: string) =>
  new RegExp(`^(\\d{1,2})${separator}(\\d{1,2})${separator}(\\d{4}|\\d{2})${CLOCK}$`);

const SLASH = numeric("/");
const DOT = numeric("\\.");
const DASH = numeric("-");

/** Every format that is found by itself. Text formats come first, the numeric ones need a telling column name or range. */
const formats: readonly TimeFormat[] = [
  { id: "iso", title: "yyyy-MM-dd HH:mm:ss (ISO 8601)", reader: isoReader },
  { id: "M/d/yyyy", title: "M/d/yyyy h:mm (month first)", reader: dateReader(SLASH, false) },
  { id: "d/M/yyyy", title: "d/M/yyyy H:mm (day first)", reader: dateReader(SLASH, true) },
  { id: "d.M.yyyy", title: "d.M.yyyy H:mm", reader: dateReader(DOT, true) },
  { id: "d-M-yyyy", title: "d-M-yyyy H:mm (day first)", reader: dateReader(DASH, true) },
  { id: "M-d-yyyy", title: "M-d-yyyy H:mm (month first)", reader: dateReader(DASH, false) },
  { id: "epoch s", title: "seconds since 1970", reader: () => epochReader(1000) },
  { id: "epoch ms", title: "milliseconds since 1970", reader: () => epochReader(1) },
  { id: "epoch us", title: "microseconds since 1970", reader: () => epochReader(1e-3) },
  { id: "epoch ns", title: "nanoseconds since 1970", reader: () => epochReader(1e-6) },
  { id: "excel", title: "spreadsheet day number", reader: excelReader },
];

const byId = new Map(formats.map((format) => [format.id, format]));

/** The numbers that a numeric time can be: 1973 to 2128, whatever the unit. */
const RANGES: readonly [id: string, from: number, to: number][] = [
  ["excel", 20_000, 80_000],
  ["epoch s", 1e8, 5e9],
  ["epoch ms", 1e11, 5e12],
  ["epoch us", 1e14, 5e15],
  ["epoch ns", 1e17, 5e18],
];

export interface DetectedFormat {
  id: string;
  title: string;
  /** Day and month could be the other way round: nothing in the sample says. */
  ambiguous: boolean;
}

/**
 * The format in which every one of the cells is a time, or undefined.
 * `1/2/2017` is read month first (US) unless a first number above 12 proves day first; `1-2-2017` the other way round.
 * @param cells trimmed, without blanks
 * @param numbers whether plain numbers may be times too (epoch, day numbers)
 */
export function detectTimeFormat(cells: readonly string[], numbers: boolean): DetectedFormat | undefined {
  if (cells.length === 0) return undefined;
  const reads = (id: string) => {
    const read = byId.get(id)!.reader("utc");
    return cells.every((cell) => read(cell) !== undefined);
  };
  const found = (id: string, ambiguous = false) => ({ id, title: byId.get(id)!.title, ambiguous });
  if (reads("iso")) return found("iso");
  if (reads("d.M.yyyy")) return found("d.M.yyyy");
  for (const [usual, other] of [
    ["M/d/yyyy", "d/M/yyyy"],
    ["d-M-yyyy", "M-d-yyyy"],
  ] as const) {
    const usualReads = reads(usual);
    const otherReads = reads(other);
    if (usualReads) return found(usual, otherReads);
    if (otherReads) return found(other);
  }
  if (!numbers) return undefined;
  for (const [id, from, to] of RANGES) {
    const inside = cells.every((cell) => {
      const number = numberIn(cell, ".");
      return number !== null && number >= from && number <= to;
    });
    if (inside) return found(id);
  }
  return undefined;
}

/** The ids that a person may choose, with their titles. */
export const timeFormats: readonly { id: string; title: string }[] = formats.map(({ id, title }) => ({ id, title }));

/** @throws EdgeMlError EDGE_ML_SETTING when the zone is unknown */
export function checkZone(zone: string): string {
  if (/^(utc|gmt|z)$/i.test(zone)) return "utc";
  if (IANAZone.isValidZone(zone) || /^utc[-+]\d{1,2}(:\d{2})?$/i.test(zone)) return zone;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field: "zone",
    got: `"${zone.slice(0, 40)}"`,
    expected: "a time zone such as UTC, Europe/Berlin or UTC+2",
  });
}

/**
 * The reader of a format: one of ours by its id, or luxon's tokens (`dd.MM.yyyy HH:mm`).
 * @param zone of times that do not name their own
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function timeReader(format: string, zone: string): TimeReader {
  const checked = checkZone(zone);
  const known = byId.get(format);
  if (known) return known.reader(checked);
  let parser: TokenParser;
  try {
    parser = DateTime.buildFormatParser(format);
  } catch {
    throw badFormat(format);
  }
  // Tokens without a year would put every row into this year.
  if (!/y|D|k|X|x|T|F|f/.test(format.replace(/'[^']*'/g, ""))) throw badFormat(format);
  return (cell) => {
    const time = DateTime.fromFormatParser(cell, parser, { zone: checked });
    return time.isValid ? time.toMillis() : undefined;
  };
}

function badFormat(format: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", {
    field: "timeFormat",
    got: `"${format.slice(0, 40)}"`,
    expected: `one of ${formats.map(({ id }) => id).join(", ")}, or tokens such as dd.MM.yyyy HH:mm:ss`,
  });
}

function isoReader(zone: string): TimeReader {
  const instant = toInstant(zone);
  return (cell) => {
    const match = ISO.exec(cell);
    if (!match) return undefined;
    const parts = clock(match, 4, { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) });
    if (!parts) return undefined;
    const offset = match[9];
    return offset === undefined ? instant(parts) : utc(parts) - offsetMs(offset);
  };
}

function dateReader(pattern: RegExp, dayFirst: boolean): (zone: string) => TimeReader {
  return (zone) => {
    const instant = toInstant(zone);
    return (cell) => {
      const match = pattern.exec(cell);
      if (!match) return undefined;
      const [first, second] = [Number(match[1]), Number(match[2])];
      const parts = clock(match, 4, {
        year: fullYear(match[3]!),
        month: dayFirst ? second : first,
        day: dayFirst ? first : second,
      });
      return parts && instant(parts);
    };
  };
}

function epochReader(factor: number): TimeReader {
  return (cell) => {
    const number = numberIn(cell, cell.includes(",") ? "," : ".");
    const time = number === null ? Number.NaN : number * factor;
    return Math.abs(time) <= 8.64e15 ? time : undefined;
  };
}

/** Days since 1899-12-30, as spreadsheets count them, in the zone's own time. */
function excelReader(zone: string): TimeReader {
  const instant = toInstant(zone);
  return (cell) => {
    const days = numberIn(cell, cell.includes(",") ? "," : ".");
    if (days === null || days < 1 || days > 2_958_465) return undefined;
    const local = new Date(Math.round((days - 25_569) * 86_400_000));
    return instant({
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      millisecond: local.getUTCMilliseconds(),
    });
  };
}

/** The clock part of a match, from group `at` on, or undefined when it is not a time of a real day. */
function clock(match: RegExpExecArray, at: number, date: Pick<Parts, "year" | "month" | "day">): Parts | undefined {
  let hour = Number(match[at] ?? 0);
  const half = match[at + 4]?.toLowerCase();
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === "p" ? 12 : 0);
  }
  const parts = {
    ...date,
    hour,
    minute: Number(match[at + 1] ?? 0),
    second: Number(match[at + 2] ?? 0),
    millisecond: Math.floor(Number(`0.${match[at + 3] ?? 0}`) * 1000 + 1e-6),
  };
  // 24:00 is the end of a day.
  const midnight = parts.hour === 24 && parts.minute === 0 && parts.second === 0;
  if ((parts.hour > 23 && !midnight) || parts.minute > 59 || parts.second > 59) return undefined;
  const check = new Date(Date.UTC(parts.year, parts.month - 1, parts.day));
  return check.getUTCMonth() === parts.month - 1 && check.getUTCDate() === parts.day ? parts : undefined;
}

function utc({ year, month, day, hour, minute, second, millisecond }: Parts): number {
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function toInstant(zone: string): (parts: Parts) => number {
  if (zone === "utc") return utc;
  return (parts) => {
    const { hour, ...rest } = parts;
    const time = DateTime.fromObject({ ...rest, hour: hour === 24 ? 0 : hour }, { zone }).toMillis();
    return hour === 24 ? time + 86_400_000 : time;
  };
}

function offsetMs(offset: string): number {
  const match = /^([-+])(\d{2}):?(\d{2})?$/.exec(offset);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}

/** Two digits: 00..69 are 2000..2069, as spreadsheets read them. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
