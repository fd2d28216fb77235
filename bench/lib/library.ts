/** The library as it is shipped: the compiled one in dist/. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Library from "../../nodes/lib/index.ts";
import { ROOT } from "../../scripts/lib/project.ts";

export const library = createRequire(import.meta.url)(join(ROOT, "dist/lib/index.js")) as typeof Library;
