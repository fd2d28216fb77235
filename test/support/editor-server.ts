/** A Node-RED of its own for a browser test: a child process, since a process can start Node-RED only once. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type Line, spawnNodeRed } from "../../scripts/lib/node-red.ts";
import { ROOT } from "../../scripts/lib/project.ts";

export interface EditorServer {
  url: string;
  userDir: string;
  line: Line;
  /** What Node-RED has written so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Default: what EDGE_ML_NODE_RED says, else "node-red" (5). */
  line?: Line;
  /** Default: a new folder, removed at the end. */
  userDir?: string;
  /** What is put over the settings of the tests; plain JSON. */
  settings?: Record<string, unknown>;
}

export async function startServer(options: ServerOptions = {}): Promise<EditorServer> {
  if (!existsSync(join(ROOT, "dist"))) throw new Error("Editor tests run on dist/: run `npm run build` first.");
  const line = options.line ?? (process.env.EDGE_ML_NODE_RED as Line | undefined) ?? "node-red";
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), "edge-ml-editor-"));
  const port = await freePort();
  const settings = {
    flowFile: "flows.json",
    nodesDir: [ROOT, join(ROOT, "test/support/nodes")],
    uiHost: "127.0.0.1",
    credentialSecret: "test",
    editorTheme: { tours: false, palette: { catalogues: [] } },
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: "info" } },
    ...options.settings,
  };
  const settingsFile = join(userDir, "settings.js");
  writeFileSync(settingsFile, `module.exports = ${JSON.stringify(settings, null, 2)};\n`);

  const child = spawnNodeRed(line, ["--settings", settingsFile, "--userDir", userDir, "--port", String(port)]);
  let output = "";
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  await new Promise<void>((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`${line} did not start within 60 s:\n${output}`)), 60_000);
    const read = (chunk: Buffer) => {
      output = (output + chunk).slice(-200_000);
      if (/Server now running/.test(output) && /Started flows|Waiting for missing types/.test(output)) {
        clearTimeout(timer);
        done();
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(new Error(`${line} ended with code ${code} before it ran:\n${output}`));
    });
  });

  return {
    url: `http://127.0.0.1:${port}/`,
    userDir,
    line,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
      if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true });
    },
  };
}
