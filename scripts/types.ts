/** Type-checks the three parts of the project: runtime, editor pages, scripts and tests. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { binOf, ROOT } from "./lib/project.ts";

let failed = false;
for (const project of ["tsconfig.json", "tsconfig.editor.json", "tsconfig.test.json"]) {
  const { status } = spawnSync(process.execPath, [binOf("typescript", "tsc"), "--noEmit", "-p", join(ROOT, project)], {
    stdio: "inherit",
  });
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
