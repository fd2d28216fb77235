import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSound } from "../../lib/sound-file.ts";

/** Hz */
export const RATE = 16_000;

/** Somebody who speaks: a voice of flite (recorded from persons) or of espeak-ng (formants). */
export interface Speaker {
  name: string;
  engine: "flite" | "espeak-ng";
  voice: string;
}

export const SPEAKERS: readonly Speaker[] = [
  { name: "flite awb", engine: "flite", voice: "awb" },
  { name: "flite rms", engine: "flite", voice: "rms" },
  { name: "flite slt", engine: "flite", voice: "slt" },
  { name: "espeak-ng en-gb", engine: "espeak-ng", voice: "en-gb+m3" },
  { name: "espeak-ng en-us", engine: "espeak-ng", voice: "en-us+f2" },
];

/**
 * A word, said a little quicker or slower and higher or lower each time.
 * @param random 0..1
 * @throws Error with a sentence when the engine is not installed
 */
export function say({ engine, voice }: Speaker, text: string, random: () => number): Float32Array {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-say-"));
  const file = join(folder, "word.wav");
  const tempo = 0.85 + 0.35 * random();
  const pitch = 0.9 + 0.2 * random();
  try {
    const [program, args] =
      engine === "flite"
        ? ["flite", ["-voice", voice, "--setf", `duration_stretch=${tempo}`, "-t", text, "-o", file]]
        : [
            "espeak-ng",
            ["-v", voice, "-s", `${Math.round(160 / tempo)}`, "-p", `${Math.round(50 * pitch)}`, "-w", file, text],
          ];
    try {
      execFileSync(program as string, args as string[], { stdio: "pipe" });
    } catch (error) {
      throw new Error(`${program} is needed to say the words (apt install ${program}): ${(error as Error).message}`);
    }
    return readSound(file, RATE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
