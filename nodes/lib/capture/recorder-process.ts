import { type ChildProcess, spawn } from "node:child_process";
import type { RecorderCommand } from "./recorder.js";

/** How a recorder ended. */
export interface RecorderEnd {
  /** What it said last, on its standard error output. */
  said: string;
  /** Missing when a signal ended it. */
  code?: number;
  /** Why it could not be started: ENOENT, EACCES … */
  startError?: string;
}

interface RecorderHooks {
  bytes(bytes: Buffer): void;
  /** A line of its standard error output. */
  line(text: string): void;
}

/** ms that a recorder may take to end when it is asked to; then it is made to. */
const PATIENCE = 2000;
/** ms that the rest of its output may take once it has ended: a child of its own may hold the pipe. */
const REST = 500;
/** Characters. */
const KEPT = 4000;
const LONGEST_LINE = 1000;

/** A recorder that runs: bytes and lines come out of it until it has ended. */
export class RecorderProcess {
  /** Fulfilled once the process is gone, and its device free again. Never rejects. */
  readonly ended: Promise<RecorderEnd>;
  readonly #child: ChildProcess;
  readonly #hooks: RecorderHooks;
  #said = "";
  #line = "";
  #killTimer: NodeJS.Timeout | undefined;

  constructor({ program, args }: RecorderCommand, hooks: RecorderHooks) {
    this.#hooks = hooks;
    // The sentences that are looked for are English.
    const env = { ...process.env, LC_ALL: "C", LANGUAGE: "C" };
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env, windowsHide: true });
    this.#child.stdout?.on("data", (bytes: Buffer) => hooks.bytes(bytes));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    this.ended = this.#end();
  }

  /** Stops reading; what the recorder writes meanwhile waits in its pipe. */
  pause(): void {
    this.#child.stdout?.pause();
  }

  resume(): void {
    this.#child.stdout?.resume();
  }

  /** Ends it, and waits until it is gone. */
  async stop(): Promise<RecorderEnd> {
    if (this.#killTimer === undefined) {
      this.#child.kill("SIGTERM");
      this.#killTimer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE);
      // A pipe that nobody reads keeps some from ending.
      this.resume();
    }
    return this.ended;
  }

  #end(): Promise<RecorderEnd> {
    const child = this.#child;
    return new Promise((done) => {
      let startError: string | undefined;
      const finish = () => {
        clearTimeout(this.#killTimer);
        child.stdout?.destroy();
        child.stderr?.destroy();
        if (this.#line !== "") this.#take(this.#line);
        const { exitCode } = child;
        done({
          said: this.#said.trim(),
          ...(exitCode === null || startError !== undefined ? {} : { code: exitCode }),
          ...(startError === undefined ? {} : { startError }),
        });
      };
      child.once("error", (error: NodeJS.ErrnoException) => {
        // Also emitted when a signal cannot be sent: then the process is there, and will end by itself.
        if (child.pid !== undefined) return;
        startError = error.code ?? error.message;
        finish();
      });
      child.once("exit", () => {
        const timer = setTimeout(finish, REST);
        child.once("close", () => {
          clearTimeout(timer);
          finish();
        });
      });
    });
  }

  #hear(text: string): void {
    const lines = (this.#line + text).split("\n");
    this.#line = (lines.pop() ?? "").slice(-LONGEST_LINE);
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    this.#said = `${this.#said}\n${line.slice(0, LONGEST_LINE)}`.slice(-KEPT);
    this.#hooks.line(line);
  }
}
