import type { NodeAPI } from "node-red";
import { EdgeMlError } from "../lib/errors/index.js";
import {
  type CsvDescription,
  type DataFolder,
  inspectCsv,
  inspectSound,
  isSoundFile,
  timeColumnOf,
  timeReader,
} from "../lib/replay/index.js";

/** What the dialog shows of a file before it is played. */
export type Preview = TablePreview | SoundPreview;

export interface TablePreview {
  kind: "table";
  file: string;
  size: number;
  rows: number;
  columns: { name: string; kind: string }[];
  /** Of the first rows, as text. */
  first: string[][];
  time: { column: string; format: string; title: string; ambiguous: boolean; example: string; step?: number } | null;
  /** Columns whose name says that they hold the ground truth. */
  labels: string[];
}

/** Of a WAV file, or of a folder of them. */
export interface SoundPreview {
  kind: "sound";
  file: string;
  /** Bytes. */
  size: number;
  /** Files, of which those are looked at that can be in a moment. */
  files: number;
  /** Seconds of those that were looked at. */
  duration: number;
  looked: number;
  /** Those that cannot be read, of which this is the first error. */
  unreadable: number;
  error?: string;
  /** Hz, and channels: each that occurs. */
  rates: number[];
  channels: number[];
  /** Bytes that the header promises are not there. */
  truncated: boolean;
}

const FIRST_ROWS = 5;
/** Files of a folder whose headers are read for the dialog. */
const LOOKED_AT = 200;
const SHOWN_CELL = 40;
const LABEL_NAME = /label|ground.?truth|anomaly|fault|class$/i;

/** The dialog's routes: which files there are, and what is in one of them. Reading needs the permission. */
export function servePreview(RED: NodeAPI, folder: () => DataFolder): void {
  const mayRead = RED.auth.needsPermission("edge-replay.read");
  RED.httpAdmin.get("/edge-replay/files", mayRead, (_request, response) => {
    const data = folder();
    response.json({ folder: data.folder, files: data.list() });
  });
  RED.httpAdmin.get("/edge-replay/preview", mayRead, (request, response) => {
    const text = (name: string) => (typeof request.query[name] === "string" ? request.query[name] : "");
    preview(folder(), text("file"), text("zone") || "UTC").then(
      (result) => response.json(result),
      (error: unknown) => {
        const { code, message } = EdgeMlError.from(error);
        response.status(code === "EDGE_ML_FILE_OUTSIDE" ? 403 : 400).json({ code, message });
      },
    );
  });
}

async function preview(folder: DataFolder, file: string, zone: string): Promise<Preview> {
  const sounds = folder.sounds(file);
  if (sounds !== undefined) {
    const paths = sounds.map(({ path }) => path);
    return previewSounds(file, paths);
  }
  const path = folder.resolve(file);
  if (await isSoundFile(path)) return previewSounds(file, [path]);
  const description = await inspectCsv(path);
  return {
    kind: "table",
    file,
    size: description.size,
    rows: description.rows,
    columns: description.columns.map(({ name, kind }) => ({ name, kind })),
    first: description.sample.slice(0, FIRST_ROWS).map((record) => record.map((cell) => cell.slice(0, SHOWN_CELL))),
    time: timeOf(description, zone),
    labels: description.columns.filter(({ name }) => LABEL_NAME.test(name)).map(({ name }) => name),
  };
}

async function previewSounds(file: string, paths: readonly string[]): Promise<SoundPreview> {
  const found: SoundPreview = {
    ...{ kind: "sound", file, size: 0, files: paths.length, duration: 0, looked: 0, unreadable: 0 },
    ...{ rates: [], channels: [], truncated: false },
  };
  for (const path of paths.slice(0, LOOKED_AT)) {
    found.looked++;
    try {
      const { size, header } = await inspectSound(path);
      found.size += size;
      found.duration += header.frames / header.rate;
      found.truncated ||= header.truncated;
      if (!found.rates.includes(header.rate)) found.rates.push(header.rate);
      if (!found.channels.includes(header.channels)) found.channels.push(header.channels);
    } catch (error) {
      if (paths.length === 1) throw error;
      found.unreadable++;
      found.error ??= EdgeMlError.from(error).message;
    }
  }
  return found;
}

function timeOf(description: CsvDescription, zone: string): TablePreview["time"] {
  const column = timeColumnOf(description);
  if (!column?.format) return null;
  const index = description.columns.indexOf(column);
  const read = timeReader(column.format.id, zone);
  const times: number[] = [];
  for (const record of description.sample) {
    const time = read(record[index]?.trim() ?? "");
    if (time !== undefined) times.push(time);
  }
  const steps = times.slice(1).map((time, i) => time - times[i]!);
  steps.sort((a, b) => a - b);
  const step = steps[Math.floor(steps.length / 2)];
  return {
    column: column.name,
    format: column.format.id,
    title: column.format.title,
    ambiguous: column.format.ambiguous,
    example: times.length > 0 ? new Date(times[0]!).toISOString() : "",
    ...(step === undefined ? {} : { step: step / 1000 }),
  };
}
