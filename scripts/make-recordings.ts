/** Writes examples/recordings, what the examples play; the same files each time: npx tsx scripts/make-recordings.ts */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeWav } from "../nodes/lib/sound/index.ts";
import { ROOT } from "./lib/project.ts";
import { airHandlingUnit } from "./lib/recordings/air-handling-unit.ts";
import { alarmSounds } from "./lib/recordings/alarm-sounds.ts";
import { gestures } from "./lib/recordings/gestures.ts";
import { room } from "./lib/recordings/room.ts";
import { voiceScene } from "./lib/recordings/voice-scene.ts";

// Times in the files are UTC, whatever clock the writer has.
process.env.TZ = "UTC";

const folder = join(ROOT, "examples/recordings");
mkdirSync(folder, { recursive: true });
for (const { name, header, lines } of [...airHandlingUnit(), ...gestures(), ...room()]) {
  writeFileSync(join(folder, name), `${[header.join(","), ...lines].join("\n")}\n`);
}
for (const { name, rate, samples, labels } of [...alarmSounds(), ...voiceScene()]) {
  writeFileSync(join(folder, name), writeWav(samples, rate));
  if (labels) writeFileSync(join(folder, name.replace(".wav", "_labels.csv")), `${labels.join("\n")}\n`);
}
