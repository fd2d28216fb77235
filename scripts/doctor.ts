/** Says what this machine can and cannot do: npm run doctor. Ends with 1 when something will fail. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { examine, gatherFacts, reportText } from "../nodes/lib/doctor/index.ts";
import { ROOT } from "./lib/project.ts";
import { readOptions } from "./lib/start/options.ts";

async function main(): Promise<void> {
  // Where `npm start` keeps models.
  const { userDir } = readOptions([]);
  const findings = examine(await gatherFacts(join(userDir, "edge-ml", "models"), nodeRedVersion()));
  console.log(reportText(findings));
  process.exitCode = findings.some(({ level }) => level === "problem") ? 1 : 0;
}

/** Of the line that this Node can run; `npm start` fetches a newer Node for the other. */
function nodeRedVersion(): string | undefined {
  const line = Number(process.versions.node.split(".")[0]) >= 24 ? "node-red" : "node-red-4";
  try {
    const manifest = createRequire(join(ROOT, "package.json")).resolve(`${line}/package.json`);
    return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

void main();
