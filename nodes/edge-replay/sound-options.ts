import { describe, EdgeMlError } from "../lib/errors/index.js";
import { type SoundOptions, timeReader } from "../lib/replay/index.js";
import type { ReplaySettings } from "./config.js";

/**
 * How sound is to be played.
 * @throws EdgeMlError EDGE_ML_SETTING when the time at which it begins is none
 */
export function soundOptions({ chunk, soundStart, soundTime, soundLabel, zone }: ReplaySettings): SoundOptions {
  const options: SoundOptions = { chunk, start: soundStart, label: soundLabel };
  if (soundStart !== "given") return options;
  const startTime = timeReader("iso", zone)(soundTime.trim());
  if (startTime === undefined) {
    const expected = "a date and time, for example 2024-05-31 13:45";
    throw new EdgeMlError("EDGE_ML_SETTING", { field: "soundTime", got: describe(soundTime), expected });
  }
  return { ...options, startTime };
}
