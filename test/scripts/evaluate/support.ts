import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Played, RoundOutcome } from "../../../scripts/evaluate/play/index.ts";

/** A made-up data set in a folder of its own, removed after the file's tests. */
export function madeUpFolder() {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-evaluate-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write(path: string, lines: readonly string[]): void {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${lines.join("\n")}\n`);
    },
    /** The lines of a file, without its header. */
    lines: (path: string) => readFileSync(join(folder, path), "utf8").trim().split("\n").slice(1),
    header: (path: string) => readFileSync(join(folder, path), "utf8").split("\n")[0],
  };
}

/** The outcome of a round that played these results. */
export function outcomeOf(name: string, results: Partial<Played>[]): RoundOutcome {
  return {
    name,
    results: results.map((result, i) => ({ stream: name, time: i, ...result })),
    unscored: 0,
    alerts: [],
    method: "pca",
    trainingFrames: 100,
    trainingSeconds: 1,
    warnings: [],
    rows: results.length,
    seconds: 1,
  };
}
