// The model worker, but the number 666 ends it and 667 makes it throw: a stand-in for a crash of native code.
const { parentPort } = require("node:worker_threads");

parentPort.on("message", ({ rows }) => {
  if (rows[0] === 666) process.exit(3);
  if (rows[0] === 667) throw new Error("out of memory");
});
require("./runner-worker.cjs");
