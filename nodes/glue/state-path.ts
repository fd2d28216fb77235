import { createHash } from "node:crypto";
import { join } from "node:path";
import type { NodeAPI } from "node-red";

/**
 * The file in which a node keeps its state over restarts: `<userDir>/edge-ml/<folder>/<id>.json`. An id is part of a
 * flow file that may come from anywhere: only a harmless one names a file.
 */
export function statePath(RED: NodeAPI, folder: string, id: string): string {
  const name = /^[A-Za-z0-9_-]{1,128}$/.test(id) ? id : createHash("sha256").update(id).digest("hex");
  return join(RED.settings.userDir ?? process.cwd(), "edge-ml", folder, `${name}.json`);
}
