import { existsSync } from "node:fs";
import { basename, dirname, extname } from "node:path";
import { EdgeMlError } from "../../errors/index.js";
import { MAX_NAME_LENGTH } from "../../frame/index.js";
import { openCsv } from "../csv/index.js";

/**
 * Where the ground truth of a file of sound comes from: the name of its folder; its own name, up to the first dot and
 * without a number at the end; or a table beside it, `<name>_labels.csv`, with the columns start, end (s) and label.
 */
export type SoundLabel = "none" | "folder" | "name" | "table";

/** The label of a moment, in seconds from the file's beginning; to be asked in the order of time. */
export type LabelAt = (seconds: number) => string | undefined;

const MAX_SPANS = 100_000;
/** What follows the label in names such as jarvis-03.wav and jarvis_take2.wav. */
const NUMBER_AT_END = /[\s_-]*\d+$/;

/** @throws EdgeMlError EDGE_ML_FILE_READ, EDGE_ML_FILE_FORMAT, EDGE_ML_FILE_COLUMN of a table of labels */
export async function labelsOf(path: string, by: SoundLabel): Promise<LabelAt> {
  if (by === "none") return () => undefined;
  if (by === "table") return tableOf(path);
  const name = by === "folder" ? basename(dirname(path)) : nameLabel(basename(path));
  const label = name.slice(0, MAX_NAME_LENGTH);
  return () => label;
}

function nameLabel(file: string): string {
  const name = file.replace(/\..*$/s, "");
  return name.replace(NUMBER_AT_END, "") || name;
}

/** A file of a folder may have no table: nothing is known of it. */
async function tableOf(path: string): Promise<LabelAt> {
  const table = `${path.slice(0, -extname(path).length)}_labels.csv`;
  if (!existsSync(table)) return () => undefined;
  const source = await openCsv(table, {
    columns: ["start", "end"],
    labelColumn: "label",
    time: "none",
    zone: "utc",
    interval: 1,
  });
  const spans: { start: number; end: number; label: string | undefined }[] = [];
  for await (const rows of source.rows()) {
    for (const { values, label } of rows) {
      const [start, end] = values;
      if (typeof start === "number" && typeof end === "number") spans.push({ start, end, label });
    }
    if (spans.length > MAX_SPANS) {
      const details = { field: basename(table), got: `${spans.length} rows`, expected: `${MAX_SPANS} rows` };
      throw new EdgeMlError("EDGE_ML_TOO_LARGE", details);
    }
  }
  spans.sort((a, b) => a.start - b.start);
  let next = 0;
  return (seconds) => {
    while (next < spans.length && spans[next]!.end <= seconds) next++;
    const span = spans[next];
    return span !== undefined && span.start <= seconds ? span.label : undefined;
  };
}
