import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { CsvOptions, ReplayRow, TableSource } from "../../../nodes/lib/replay/index.ts";

/** A folder for the files of one test file, removed at its end. */
export function temporaryFolder(): { path: string; write(name: string, content: string | Buffer): string } {
  const path = mkdtempSync(join(tmpdir(), "edge-ml-replay-"));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

export const plain: CsvOptions = { columns: [], time: "auto", zone: "UTC", interval: 1 };

export async function allRows(source: TableSource): Promise<ReplayRow[]> {
  const rows: ReplayRow[] = [];
  for await (const batch of source.rows()) rows.push(...batch);
  return rows;
}
