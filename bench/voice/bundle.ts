import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadedModel, Manifest } from "../../nodes/lib/index.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import { library } from "../lib/library.ts";

/** The bundled model, with what its recipe and triggers say. */
export interface Bundle {
  bytes: Buffer;
  manifest: Manifest & Required<Pick<Manifest, "triggers">>;
  /** Samples of a window, and from one to the next. */
  size: number;
  hop: number;
  load(): Promise<LoadedModel>;
}

const FILE = join(ROOT, "models/voice-keywords.onnx");

/** @throws Error with a sentence when it is not there */
export function readBundle(): Bundle {
  if (!existsSync(FILE)) throw new Error(`There is no ${FILE}: training/voice makes it.`);
  const bytes = readFileSync(FILE);
  const manifest = library.readManifest(bytes, FILE);
  if (!manifest?.triggers) throw new Error(`${FILE} does not say when its scores are a trigger.`);
  const { size, hop } = manifest.input.recipe.window!;
  const { name, version } = manifest;
  return {
    bytes,
    manifest: { ...manifest, triggers: manifest.triggers },
    size,
    hop,
    load: () => library.loadModel({ name, version, sha256: "0", bytes, manifest }),
  };
}
