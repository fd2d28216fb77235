// Runs the TypeScript of the model worker: `--import tsx` does not reach into workers on Node 20.
const { register } = require("tsx/cjs/api");

register();
require("../../nodes/lib/infer/runner-worker.ts");
