/** Sound servers without hardware, each with a runtime folder of its own, for tests of the real way to record. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Those of the programs that are not installed; says so, since a test that is skipped looks like one that passed. */
export function missingPrograms(what: string, programs: readonly string[]): string[] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const missing = programs.filter((program) => !folders.some((folder) => isExecutable(join(folder, program))));
  if (missing.length > 0)
    console.warn(`SKIPPED: ${what} needs ${missing.join(", ")}, which this machine does not have.`);
  return missing;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface SoundServer {
  /** What has to be set for programs to find it; set in this process until it is stopped. */
  readonly folder: string;
  /** Runs a program against it, and gives what it writes. */
  tool(program: string, ...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** PulseAudio without any device. */
export async function startPulseAudio(): Promise<SoundServer> {
  const modules = ["-L", "module-native-protocol-unix auth-anonymous=1"];
  const args = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", ...modules];
  return start("pulseaudio", args, (server) => server.tool("pactl", "info"));
}

/** PipeWire and the session manager that wires its nodes; that one needs a D-Bus of its own. */
export async function startPipeWire(): Promise<SoundServer> {
  // A session manager that finds no socket ends, and is not started again.
  const socket = '"$XDG_RUNTIME_DIR/pipewire-0"';
  const script = `pipewire & until [ -S ${socket} ]; do sleep 0.05; done; wireplumber & trap 'kill %1 %2' TERM; wait`;
  return start("dbus-run-session", ["--", "bash", "-c", script], async (server) => {
    if (!/WirePlumber/.test(await server.tool("pw-dump"))) throw new Error("no session manager yet");
  });
}

async function start(
  program: string,
  args: readonly string[],
  answers: (server: SoundServer) => Promise<unknown>,
): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-sound-"));
  const own: Record<string, string | undefined> = {
    XDG_RUNTIME_DIR: folder,
    HOME: folder,
    PULSE_SERVER: undefined,
    PIPEWIRE_REMOTE: undefined,
  };
  const before = Object.fromEntries(Object.keys(own).map((name) => [name, process.env[name]]));
  setAll(own);
  let output = "";
  // A group of its own: a session is several processes.
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  const server: SoundServer = {
    folder,
    tool: async (name, ...rest) => (await run(name, rest, { timeout: 20_000, maxBuffer: 1 << 24 })).stdout,
    async stop() {
      const ended = new Promise((done) => child.once("exit", done));
      if (child.exitCode === null) {
        signal(child, "SIGTERM");
        await Promise.race([ended, wait(3000)]);
        signal(child, "SIGKILL");
      }
      setAll(before);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  const end = Date.now() + 30_000;
  for (;;) {
    try {
      await answers(server);
      return server;
    } catch (error) {
      if (Date.now() < end && child.exitCode === null) await wait(100);
      else {
        await server.stop();
        throw new Error(`${program} did not start: ${String(error)}\n${output}`);
      }
    }
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, name);
  } catch {
    // It is gone already.
  }
}

function setAll(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
