import { basename } from "node:path";
import { EdgeMlError } from "../../errors/index.js";
import { openFile, readHead } from "../open-file.js";
import { isMissing, numberIn } from "./cells.js";
import { type Dialect, detectDialect, notText } from "./dialect.js";
import { headerNames, looksLikeData } from "./header.js";
import { type CsvRecord, recordsOf } from "./records.js";
import { type DetectedFormat, detectTimeFormat } from "./time-format.js";

// Parsed in one go: a few milliseconds.
const HEAD = 64 * 1024;
const SAMPLE = 1000;
const MAX_COLUMNS = 2048;
/** Where a file with ambiguous dates is looked at besides its beginning. */
const PROBES = 24;
const PROBE = 8 * 1024;

export interface CsvColumn {
  name: string;
  /** Of its first cells: numbers (missing ones are fine), times, other text, or nothing at all. */
  kind: "number" | "time" | "text" | "empty";
  /** When it is a time. */
  format?: DetectedFormat;
}

/** What the first rows of a CSV file say about it. */
export interface CsvDescription {
  path: string;
  /** Bytes. */
  size: number;
  dialect: Dialect;
  /** False when the first line is data already; the columns are then named by position. */
  header: boolean;
  columns: CsvColumn[];
  /** The first rows, at most SAMPLE of them. */
  sample: CsvRecord[];
  /** Whether the whole file was looked at. */
  whole: boolean;
  /** Estimated from the sample; exact when that is the whole file. */
  rows: number;
}

const TIME_NAME = /time|date|epoch|^ts$|^t$|zeit|datum|uhrzeit/i;

/**
 * Looks at the beginning of a CSV file.
 * @throws EdgeMlError EDGE_ML_FILE_READ; EDGE_ML_FILE_FORMAT when it is binary, empty or has no rows
 */
export async function inspectCsv(path: string): Promise<CsvDescription> {
  const { head, size } = await readHead(path, HEAD);
  const format = (got: string) =>
    new EdgeMlError("EDGE_ML_FILE_FORMAT", { path: basename(path), got, expected: "text with a header line and rows" });
  if (head.length === 0) throw format("empty");
  const binary = notText(head);
  if (binary) throw format(binary);
  const dialect = detectDialect(head);
  const whole = head.length >= size;
  const records = await recordsOf(path, head, dialect, whole);
  const first = records[0];
  if (!first) throw format(whole ? "empty" : "text without line ends");
  if (first.length > MAX_COLUMNS) throw format(`text of ${first.length} columns`);
  const header = !looksLikeData(first, dialect.decimal);
  const names = headerNames(header ? first : first.map(() => ""));
  const body = header ? records.slice(1) : records;
  if (body.length === 0) throw format("a header line without rows");
  const sample = body.slice(0, SAMPLE);
  const columns = names.map((name, i) => describeColumn(name, i, sample, dialect));
  for (const [i, column] of columns.entries()) {
    if (column.format?.ambiguous && !whole)
      column.format = await settle(path, size, i, names.length, dialect, column.format);
  }
  const rows = whole ? body.length : Math.round((size / head.length) * body.length);
  return { path, size, dialect, header, columns, sample, whole, rows };
}

/** The column that holds the time: the first one that reads as times. */
export function timeColumnOf({ columns }: CsvDescription): CsvColumn | undefined {
  return columns.find(({ kind }) => kind === "time");
}

function describeColumn(name: string, index: number, sample: readonly CsvRecord[], { decimal }: Dialect): CsvColumn {
  const cells: string[] = [];
  for (const record of sample) {
    const cell = record[index]?.trim() ?? "";
    if (!isMissing(cell)) cells.push(cell);
  }
  if (cells.length === 0) return { name, kind: "empty" };
  const format = detectTimeFormat(cells, TIME_NAME.test(name));
  if (format) return { name, kind: "time", format };
  const numbers = cells.filter((cell) => numberIn(cell, decimal) !== null).length;
  return { name, kind: 2 * numbers > cells.length ? "number" : "text" };
}

/** Looks for a day above 12 through the rest of the file: 1/2/2017 at its beginning does not say which is the month. */
async function settle(
  path: string,
  size: number,
  index: number,
  columns: number,
  dialect: Dialect,
  first: DetectedFormat,
): Promise<DetectedFormat> {
  const cells: string[] = [];
  const handle = await openFile(path);
  try {
    const buffer = Buffer.alloc(PROBE);
    for (let probe = 1; probe <= PROBES; probe++) {
      // Even, so that UTF-16 stays in step.
      const at = Math.max(0, Math.floor(((size - PROBE) * probe) / PROBES / 2) * 2);
      const { bytesRead } = await handle.read(buffer, 0, PROBE, at);
      const text = new TextDecoder(dialect.encoding).decode(buffer.subarray(0, bytesRead));
      // The first line is cut, and so may be the last.
      const lines = Buffer.from(text.slice(text.search(/[\r\n]/) + 1));
      const records = await recordsOf(path, lines, { ...dialect, encoding: "utf-8", skipLines: 0 }, false);
      for (const record of records) {
        const cell = record[index]?.trim() ?? "";
        if (record.length >= columns && !isMissing(cell)) cells.push(cell);
      }
    }
  } finally {
    await handle.close();
  }
  return detectTimeFormat(cells, false) ?? first;
}
