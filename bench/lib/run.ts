/** Runs one benchmark in a process of its own: run.ts NAME OUTPUT (see scripts/bench.ts). */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../scripts/lib/project.ts";
import type { Bench } from "./bench.ts";

async function main([name, output]: string[]): Promise<void> {
  const file = pathToFileURL(join(ROOT, "bench", `${name}.ts`)).href;
  const { bench } = (await import(file)) as { bench: Bench };
  writeFileSync(output!, JSON.stringify({ name, title: bench.title, tables: await bench.run() }));
}

main(process.argv.slice(2)).then(
  // Node-RED leaves timers behind.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
