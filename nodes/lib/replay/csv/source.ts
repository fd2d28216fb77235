import { basename } from "node:path";
import { describe, EdgeMlError } from "../../errors/index.js";
import { MAX_CHANNELS, MAX_NAME_LENGTH } from "../../frame/index.js";
import type { ReplayRow, TableCounts, TableSource } from "../source.js";
import { numberIn } from "./cells.js";
import { type CsvDescription, inspectCsv, timeColumnOf } from "./inspect.js";
import { type CsvRecord, readRecords } from "./records.js";
import { detectTimeFormat, type TimeReader, timeReader } from "./time-format.js";

export interface CsvOptions {
  /** The channels, in this order; empty: every numeric column that is not the time, label or topic. */
  columns: readonly string[];
  /** Found by itself, a column, or none: rows × interval. */
  time: "auto" | "column" | "none";
  timeColumn?: string;
  /** An id of `timeFormats` or luxon tokens; empty: found by itself. */
  timeFormat?: string;
  /** Of times that do not name their own. */
  zone: string;
  /** Seconds between two rows of a file without times. */
  interval: number;
  /** Ground truth. */
  labelColumn?: string;
  /** The stream of each row. */
  topicColumn?: string;
}

interface Plan {
  names: string[];
  indices: number[];
  label: number | undefined;
  topic: number | undefined;
  time: { index: number; read: TimeReader; column: string; format: string } | undefined;
}

/** Rows without a readable time before the first one that has one; more, and the format is wrong. */
const MAX_UNTIMED = 100;

/**
 * Opens a CSV file for playing.
 * @param now ms since 1970: the time of the first row of a file without times
 * @throws EdgeMlError EDGE_ML_FILE_READ, EDGE_ML_FILE_FORMAT, EDGE_ML_FILE_COLUMN, EDGE_ML_FILE_TIME, EDGE_ML_SETTING
 */
export async function openCsv(path: string, options: CsvOptions, now = Date.now()): Promise<TableSource> {
  const description = await inspectCsv(path);
  const plan = makePlan(description, options);
  const counts: TableCounts = { rows: 0, missing: 0, ragged: 0, untimed: 0 };
  let read = 0;
  return {
    kind: "table",
    file: basename(path),
    channels: plan.names,
    counts,
    get progress() {
      // A small file is read in one piece, and may be played for hours: only its rows tell.
      const share = description.whole
        ? (counts.rows + counts.untimed) / description.rows
        : Math.min(read / description.size, 1);
      return Math.min(share, 1);
    },
    async *rows(): AsyncGenerator<ReplayRow[], void, undefined> {
      Object.assign(counts, { rows: 0, missing: 0, ragged: 0, untimed: 0 });
      let skip = description.header ? 1 : 0;
      let row = 0;
      for await (const { records, bytes } of readRecords(path, description.dialect)) {
        const rows: ReplayRow[] = [];
        for (const record of records) {
          if (skip > 0) {
            skip--;
            continue;
          }
          const reading = readRow(record, row++);
          if (reading) rows.push(reading);
        }
        read = bytes;
        if (rows.length > 0) yield rows;
      }
    },
  };

  function readRow(record: CsvRecord, row: number): ReplayRow | undefined {
    const cells = record.length;
    if (
      cells < description.columns.length ||
      record.slice(description.columns.length).some((cell) => cell.trim() !== "")
    )
      counts.ragged++;
    let time = now + row * options.interval * 1000;
    if (plan.time) {
      const cell = record[plan.time.index]?.trim() ?? "";
      const found = plan.time.read(cell);
      if (found === undefined) {
        counts.untimed++;
        if (counts.rows === 0 && counts.untimed >= MAX_UNTIMED) throw timeError(path, plan.time, cell);
        return undefined;
      }
      time = found;
    }
    const values: (number | null)[] = [];
    for (const index of plan.indices) {
      const cell = record[index];
      const value = cell === undefined ? null : numberIn(cell.trim(), description.dialect.decimal);
      if (value === null) counts.missing++;
      values.push(value);
    }
    counts.rows++;
    const reading: ReplayRow = { time, values };
    const label = plan.label === undefined ? "" : (record[plan.label]?.trim() ?? "");
    if (label !== "") reading.label = labelText(label);
    const topic = plan.topic === undefined ? "" : (record[plan.topic]?.trim() ?? "");
    if (topic !== "") reading.topic = topic.slice(0, MAX_NAME_LENGTH);
    return reading;
  }
}

/** 1.0 and 1 are the same label. */
function labelText(cell: string): string {
  const number = numberIn(cell, ".");
  return (number !== null && /\d/.test(cell) ? String(number) : cell).slice(0, MAX_NAME_LENGTH);
}

function makePlan(description: CsvDescription, options: CsvOptions): Plan {
  const names = description.columns.map(({ name }) => name);
  const index = (column: string | undefined): number | undefined => {
    const wanted = column?.trim();
    if (!wanted) return undefined;
    const found = names.indexOf(wanted);
    if (found >= 0) return found;
    throw new EdgeMlError("EDGE_ML_FILE_COLUMN", {
      path: basename(description.path),
      field: wanted.slice(0, MAX_NAME_LENGTH),
      expected: list(names),
    });
  };
  const label = index(options.labelColumn);
  const topic = index(options.topicColumn);
  const time = timePlan(description, options, index);
  const used = new Set([label, topic, time?.index]);
  const indices =
    options.columns.length > 0
      ? options.columns.map((column) => index(column)).filter((found) => found !== undefined)
      : description.columns.flatMap(({ kind }, i) => (kind === "number" && !used.has(i) ? [i] : []));
  if (indices.length === 0 || indices.length > MAX_CHANNELS) {
    throw new EdgeMlError("EDGE_ML_FILE_FORMAT", {
      path: basename(description.path),
      got: `text with ${indices.length} columns of numbers (columns: ${list(names)})`,
      expected: `text with 1 to ${MAX_CHANNELS} columns of numbers`,
    });
  }
  return { names: indices.map((i) => names[i]!), indices, label, topic, time };
}

function timePlan(
  description: CsvDescription,
  options: CsvOptions,
  indexOf: (column: string | undefined) => number | undefined,
): Plan["time"] {
  if (options.time === "none") return undefined;
  let index: number | undefined;
  if (options.time === "column") {
    index = indexOf(options.timeColumn);
    if (index === undefined) {
      throw new EdgeMlError("EDGE_ML_SETTING", { field: "timeColumn", got: "empty", expected: "a column of the file" });
    }
  } else {
    const found = timeColumnOf(description);
    // Found by itself means that there may be none: rows are then played at their interval.
    if (!found) return undefined;
    index = description.columns.indexOf(found);
  }
  const column = description.columns[index]!;
  const cells = description.sample.map((record) => record[index]?.trim() ?? "").filter((cell) => cell !== "");
  const format = options.timeFormat?.trim() || column.format?.id || majorityFormat(cells);
  if (format === undefined) throw timeError(description.path, { column: column.name, format: "a time" }, cells[0]);
  const read = timeReader(format, options.zone);
  const plan = { index, read, column: column.name, format };
  if (cells.length > 0 && !cells.some((cell) => read(cell) !== undefined)) {
    throw timeError(description.path, plan, cells[0]);
  }
  return plan;
}

/** A column that a person chose may have a few cells that are no times: the first that reads in some format decides. */
function majorityFormat(cells: readonly string[]): string | undefined {
  for (const cell of cells.slice(0, MAX_UNTIMED)) {
    const found = detectTimeFormat([cell], true);
    if (!found) continue;
    const read = timeReader(found.id, "utc");
    return (
      detectTimeFormat(
        cells.filter((other) => read(other) !== undefined),
        true,
      ) ?? found
    ).id;
  }
  return undefined;
}

function timeError(path: string, plan: { column: string; format: string }, cell: string | undefined): EdgeMlError {
  return new EdgeMlError("EDGE_ML_FILE_TIME", {
    path: basename(path),
    field: plan.column,
    got: describe(cell),
    expected: plan.format,
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
