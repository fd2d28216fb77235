/** Node-RED as a program of its own, the way a user starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { newNode } from "./node-runtime.ts";
import { binOf } from "./project.ts";

/** The two lines of Node-RED that the package runs on: 5, and 4.1. */
export type Line = "node-red" | "node-red-4";

/** Starts Node-RED under a Node that it runs on; its output is for the caller to read. */
export function spawnNodeRed(
  line: Line,
  args: string[],
  say: (line: string) => void = () => undefined,
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  const node = line === "node-red" ? newNode(say).path : process.execPath;
  return spawn(node, [binOf(line, "node-red"), ...args], {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  }) as ReturnType<typeof spawnNodeRed>;
}

/** This process's environment without what npm and the test runner add: Node-RED runs an npm of its own. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|TEST$|NODE_ENV$|INIT_CWD$)/.test(name)),
  );
}

/** Whether a port can be listened on; else the error's code, such as "EADDRINUSE". */
export function portState(port: number, host: string): Promise<"free" | string> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => done("free")));
  });
}

/** A port that is free at this moment. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? done(address.port) : fail(new Error("no port"))));
    });
  });
}
