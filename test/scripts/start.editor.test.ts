/** The first command of the README, as a newcomer runs it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/lib/node-red.ts";
import { exampleNames } from "../../scripts/lib/start/user-dir.ts";
import { ROOT } from "../support/runtime.ts";

const userDir = mkdtempSync(join(tmpdir(), "edge-ml-start-"));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGTERM");
});
afterAll(() => rmSync(userDir, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  output: () => string;
  /** Resolves when the output fits. */
  says: (text: RegExp) => Promise<void>;
  ended: Promise<number | null>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "scripts/start.ts"), ...args], { cwd: ROOT });
  let output = "";
  let look: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      look();
    });
  }
  running.add(child);
  const ended = new Promise<number | null>((done) => child.once("close", done));
  void ended.then(() => running.delete(child));
  return {
    child,
    output: () => output,
    ended,
    says: (text) =>
      new Promise((done, fail) => {
        look = () => text.test(output) && done();
        look();
        void ended.then(() => fail(new Error(`npm start ended before it said ${text}:\n${output}`)));
      }),
  };
}

describe("npm start", () => {
  it("starts the example, says where to go, ends on Ctrl+C, and keeps the flow at the next start", async () => {
    const port = await freePort();
    const example = exampleNames()[0]!;
    const args = ["--port", String(port), "--user-dir", userDir, "--example", example];
    const first = start(...args);
    await first.says(/Stop {6}Ctrl\+C/);
    expect(first.output()).toContain(`Editor    http://127.0.0.1:${port}/`);
    expect(first.output()).toMatch(/Node-RED 5\.\d+\.\d+ runs with the edge ML nodes/);
    expect(first.output()).toContain(`(examples/${example}.json)`);
    expect(first.output()).not.toMatch(/\[(warn|error)\]/);
    const page = await fetch(`http://127.0.0.1:${port}/flows`);
    const flow = JSON.parse(readFileSync(join(ROOT, "examples", `${example}.json`), "utf8"));
    expect(await page.json()).toEqual(flow);

    const second = start(...args);
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(new RegExp(`^Port ${port} is in use.*npm start -- --port \\d+\\n$`));

    first.child.kill("SIGINT");
    expect(await first.ended).toBe(0);
    expect(first.output()).toContain("Stopped flows");

    flow[0].label = "changed by hand";
    writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
    const third = start(...args);
    await third.says(/Stop {6}Ctrl\+C/);
    expect(third.output()).toContain("your flow in");
    expect(third.output()).toContain(`To start with the example alone: npm start -- --example ${example} --user-dir`);
    third.child.kill("SIGTERM");
    expect(await third.ended).toBe(0);
  });

  it("finds the next port that is free", async () => {
    const port = await freePort();
    const server = await new Promise<Server>((done) => {
      const made = createServer().listen(port, "127.0.0.1", () => done(made));
    });
    const run = start("--port", String(port), "--user-dir", join(userDir, "never"));
    expect(await run.ended).toBe(1);
    expect(run.output()).toMatch(/Stop that, or use another: npm start -- --port \d+/);
    server.close();
  });

  it("explains itself", async () => {
    const help = start("--help");
    expect(await help.ended).toBe(0);
    for (const option of ["--port", "--host", "--user-dir", "--example"]) expect(help.output()).toContain(option);
    const wrong = start("--what");
    expect(await wrong.ended).toBe(1);
    expect(wrong.output()).toBe("There is no option --what. npm start -- --help lists the options.\n");
  });
});
