/** Writes examples/recordings, what the examples play; the same files each time: npx tsx scripts/make-recordings.ts */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./lib/project.ts";
import { airHandlingUnit } from "./lib/recordings/air-handling-unit.ts";
import { gestures } from "./lib/recordings/gestures.ts";
import { room } from "./lib/recordings/room.ts";

// Times in the files are UTC, whatever clock the writer has.
process.env.TZ = "UTC";

const folder = join(ROOT, "examples/recordings");
mkdirSync(folder, { recursive: true });
for (const { name, header, lines } of [...airHandlingUnit(), ...gestures(), ...room()]) {
  writeFileSync(join(folder, name), `${[header.join(","), ...lines].join("\n")}\n`);
}
