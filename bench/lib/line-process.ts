import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

/** One thread for everybody, and the kernels that OpenBLAS chooses by itself. */
const ENVIRONMENT = {
  ...Object.fromEntries(
    ["OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM"].map((library) => [`${library}_NUM_THREADS`, "1"]),
  ),
  OPENBLAS_CORETYPE: undefined,
  OPENBLAS_L2_SIZE: undefined,
};

/** A process that answers one line of JSON with another. */
export class LineProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  /** @throws Error when it cannot be started */
  static async start(command: string, script: string): Promise<LineProcess> {
    const child = spawn(command, [script], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...ENVIRONMENT },
    });
    // What fails there is seen from the process that ends.
    child.stdin.on("error", () => undefined);
    await once(child, "spawn");
    return new LineProcess(script, child, createInterface({ input: child.stdout }));
  }

  private constructor(name: string, child: ChildProcess, lines: Interface) {
    this.#name = name;
    this.#child = child;
    this.#lines = lines;
  }

  /** One line there, one line back. @throws Error with what went wrong there */
  async ask<T>(request: object): Promise<T> {
    const reply = new Promise<string>((resolve, reject) => {
      const ended = () => reject(new Error("it ended"));
      this.#child.once("exit", ended);
      this.#lines.once("line", (line) => {
        this.#child.off("exit", ended);
        resolve(line);
      });
    });
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const answer = JSON.parse(await reply) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`${this.#name}: ${answer.error}`);
    return answer;
  }

  stop(): void {
    this.#lines.close();
    this.#child.stdin?.end();
  }
}
