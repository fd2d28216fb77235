/** `npm start`: Node-RED 5 with the nodes of this project, and an example that already runs. */
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { build } from "./build.ts";
import { portState, spawnNodeRed } from "./lib/node-red.ts";
import { Advice } from "./lib/npm-cache.ts";
import { isBuilt } from "./lib/start/fresh.ts";
import { HELP, readOptions, type StartOptions } from "./lib/start/options.ts";
import { type Seeded, seedUserDir, shown } from "./lib/start/user-dir.ts";

const say = (line: string): void => console.log(line);

async function start(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await checkPort(options);
  const seeded = seedUserDir(options.userDir, options.example);
  if (!isBuilt()) {
    say("Building the nodes …");
    build();
  }
  return run(options, seeded);
}

/** @throws {Advice} the port cannot be listened on; with one that can */
async function checkPort({ port, host }: StartOptions): Promise<void> {
  const state = await portState(port, host);
  if (state === "free") return;
  if (state === "EACCES")
    throw new Advice(`Port ${port} needs the rights of the administrator: choose one above 1023.`);
  if (state !== "EADDRINUSE")
    throw new Advice(`Cannot listen on ${host}, port ${port} (${state}): see --host and --port.`);
  for (let next = port + 1; next <= Math.min(port + 50, 65535); next++) {
    if ((await portState(next, host)) !== "free") continue;
    throw new Advice(
      `Port ${port} is in use: perhaps Node-RED runs already. Stop that, or use another: npm start -- --port ${next}`,
    );
  }
  throw new Advice(`Port ${port} and the next ones are in use: choose another with --port.`);
}

/** What Node-RED warns of at every first start. */
const HARMLESS = /Projects disabled|Encrypted credentials not found/;

/** Runs Node-RED until it ends; resolves to its exit code. */
function run(options: StartOptions, seeded: Seeded): Promise<number> {
  const args = ["--userDir", options.userDir, "--settings", seeded.settingsFile, "--port", String(options.port)];
  for (const define of [`uiHost=${options.host}`, ...seeded.defines]) args.push("--define", define);
  const child = spawnNodeRed("node-red", [...args, seeded.flowFile], say);
  say("Starting Node-RED …");

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  // A signal that only npm gets ends npm and its shell, and does not come here.
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 1000);
  if (process.env.npm_lifecycle_event !== "start") clearInterval(watch);

  // Until the flow runs only what went wrong is shown; all of it if Node-RED ends before.
  let started = false;
  let version = "5";
  let trouble = false;
  const kept: string[] = [];
  const read = (line: string): void => {
    if (started) {
      say(line);
      return;
    }
    kept.push(line);
    version = /Node-RED version: v([\d.]+)/.exec(line)?.[1] ?? version;
    if (/^\d+ \w+ [\d:]+ - \[/.test(line)) trouble = /\[(warn|error|fatal)\]/.test(line) && !HARMLESS.test(line);
    if (trouble) say(line);
    if (/Started flows|Waiting for missing types/.test(line)) {
      started = true;
      say(welcome(options, seeded, version));
    }
  };
  createInterface({ input: child.stdout }).on("line", read);
  createInterface({ input: child.stderr }).on("line", read);

  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => {
      clearInterval(watch);
      if (!started && code !== 0) say(kept.join("\n"));
      done(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1));
    });
  });
}

/** The lines that tell a newcomer where to go. */
function welcome(options: StartOptions, seeded: Seeded, version: string): string {
  const { port, host, example, exampleChosen } = options;
  const name = /^(0\.0\.0\.0|::)$/.test(host) ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const lines = ["", `Node-RED ${version} runs with the edge ML nodes.`, "", `  Editor    http://${name}:${port}/`];
  if (host === "0.0.0.0" || host === "::") {
    for (const address of addresses()) lines.push(`            http://${address}:${port}/`);
    if (!seeded.hasPassword) {
      lines.push(
        "            No password is set: anyone in this network can open and change the flows.",
        `            To set one, see adminAuth in ${shown(seeded.settingsFile)}`,
      );
    }
  } else if (host === "127.0.0.1" && process.env.SSH_CONNECTION) {
    lines.push(
      "            It can be opened on this machine only. From yours, first:",
      `            ssh -L ${port}:127.0.0.1:${port} ${process.env.USER ?? "user"}@${process.env.SSH_CONNECTION.split(" ")[2]}`,
    );
  }
  if (seeded.isExample) {
    lines.push(`  Running   ${seeded.title || example} (examples/${example}.json)`);
    for (const line of introduction(seeded.info)) lines.push(`            ${line}`);
  } else {
    lines.push(`  Running   your flow in ${shown(seeded.flowFile)}, as you left it`);
    if (exampleChosen) {
      lines.push(
        `            To add the example "${example}" to it: menu > Import > Examples > @wirewise/node-red-edge-ml.`,
        `            To start with the example alone: npm start -- --example ${example} --user-dir .edge-ml-${example.replaceAll("/", "-")}`,
      );
    }
  }
  lines.push(`  Files     ${shown(options.userDir)}: flows, settings, models`, "  Stop      Ctrl+C", "");
  return lines.join("\n");
}

/** This machine's addresses in its networks. */
function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
}

/** What a tab's description (Markdown) begins with, as plain text: its first paragraph and the list that follows. */
function introduction(markdown: string): string[] {
  const parts = markdown
    .replace(/[*`]/g, "")
    .split(/\n\s*\n|\n(?=\s*(?:\d+\.|-)\s)/)
    .map((part) => part.replace(/\s+/g, " ").trim())
    .filter((part) => part !== "" && !part.startsWith("#"));
  const steps = parts.slice(1);
  const end = steps.findIndex((part) => !/^(\d+\.|-) /.test(part));
  return [...parts.slice(0, 1), ...steps.slice(0, end < 0 ? steps.length : end)].flatMap((part) => wrapped(part, 68));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

start().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Advice ? error.message : error);
    process.exitCode = 1;
  },
);
