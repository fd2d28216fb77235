import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** One series of the benchmark. */
export interface Series {
  /** Relative to the data's folder. */
  file: string;
  /** ms since 1970, by row. */
  times: number[];
  /** Rows around each anomaly: [first, last]. */
  windows: [number, number][];
}

/** A detector's published scores of single series, in points of the benchmark. */
export interface Published {
  detector: string;
  scores: Map<string, number>;
}

/**
 * The series that are there, of those that the labels name, by name.
 * @throws Error with a sentence when the folder does not hold the benchmark
 */
export function readSeries(folder: string): Series[] {
  const labels = join(folder, "labels/combined_windows.json");
  if (!existsSync(labels)) {
    throw new Error(`There is no labels/combined_windows.json in ${folder}. Give the folder of the Numenta benchmark.`);
  }
  const windows = JSON.parse(readFileSync(labels, "utf8")) as Record<string, [string, string][]>;
  const series = Object.keys(windows)
    .sort()
    .flatMap((file) => {
      // The benchmark's own repository keeps the series in a folder of their own.
      const found = [file, join("data", file)].find((path) => existsSync(join(folder, path)));
      if (found === undefined) return [];
      const times = cells(join(folder, found)).map(([time]) => timeOf(time!));
      return [{ file: found, times, windows: windows[file]!.map(([from, to]) => rowsOf(times, from, to)) }];
    });
  if (series.length === 0) throw new Error(`None of the series that the labels name is in ${folder}.`);
  return series;
}

/** Published scores beside the data, if they are there; only of detectors that have one for each series. */
export function readPublished(folder: string, series: readonly Series[]): Published[] {
  const reference = join(folder, "reference");
  if (!existsSync(reference)) return [];
  const suffix = "_standard_scores.csv";
  return readdirSync(reference)
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({
      detector: basename(name, suffix),
      scores: new Map(cells(join(reference, name)).map(([, , file, , score]) => [file!, Number(score)] as const)),
    }))
    .filter(({ scores }) => series.every(({ file }) => scores.has(nameOf(file))));
}

/** A series' name in the published tables. */
export function nameOf(file: string): string {
  return file.replace(/^data\//, "");
}

function rowsOf(times: readonly number[], from: string, to: string): [number, number] {
  const [first, last] = [timeOf(from), timeOf(to)];
  return [times.findIndex((time) => time >= first), times.findLastIndex((time) => time <= last)];
}

function cells(path: string): string[][] {
  const [, ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  return lines.map((line) => line.split(","));
}

/** "2014-04-10 07:15:00.000000", without a zone: as edge-replay reads the same column. */
function timeOf(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`);
}
