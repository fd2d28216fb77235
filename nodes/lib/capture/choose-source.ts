import { existsSync } from "node:fs";
import { join } from "node:path";
import { EdgeMlError } from "../errors/index.js";
import { isInstalled } from "./installed.js";
import { RECORDERS, type SystemSource } from "./recorder.js";

/** A sound server shares the device with other programs; the device alone is the last choice. */
const ORDER: readonly SystemSource[] = ["pulse", "pipewire", "alsa"];

/**
 * The way to record on this machine: through a sound server that is there, else from the device itself.
 * @throws EdgeMlError EDGE_ML_CAPTURE_TOOL when no program that records is installed
 */
export async function chooseSource(): Promise<SystemSource> {
  for (const source of ORDER) {
    if (hasServer(source) && (await isInstalled(RECORDERS[source].program))) return source;
  }
  const { program, package: name } = RECORDERS.alsa;
  throw new EdgeMlError("EDGE_ML_CAPTURE_TOOL", { program, package: name });
}

function hasServer(source: SystemSource): boolean {
  const { XDG_RUNTIME_DIR: folder, PULSE_SERVER, PIPEWIRE_REMOTE = "pipewire-0" } = process.env;
  if (source === "alsa") return true;
  if (source === "pulse" && PULSE_SERVER) return true;
  if (!folder) return false;
  return existsSync(join(folder, source === "pulse" ? "pulse/native" : PIPEWIRE_REMOTE));
}
