import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { ROOT } from "../../scripts/lib/project.ts";
import type { Candidate } from "./race.ts";

interface Hello {
  python: string;
  modules: Record<string, string>;
  peers: string[];
}

/** What a Python peer computes its features of. */
export interface Input {
  data: Float32Array;
  shape: number[];
  options?: object;
}

/** The features of numpy, scipy and librosa: peers.py in a process of its own. Which of them there are, the machine says. */
export class Python {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #peers: ReadonlySet<string>;
  /** For a note: what there is and what is missing. */
  readonly about: string;

  /** @returns undefined where there is no Python: why is in `note` */
  static async start(): Promise<{ python?: Python; note: string }> {
    const command = process.env.EDGE_ML_PYTHON ?? "python3";
    const child = spawn(command, [join(ROOT, "bench/features/peers.py")], { stdio: ["pipe", "pipe", "inherit"] });
    // What fails there is seen from the process that ends.
    child.stdin.on("error", () => undefined);
    try {
      await once(child, "spawn");
      const lines = createInterface({ input: child.stdout });
      const hello = (await ask(child, lines, { do: "hello" })) as Hello;
      const python = new Python(child, lines, hello);
      return { python, note: python.about };
    } catch (error) {
      return {
        note: `No Python peers: "${command}" does not start (${(error as Error).message}). EDGE_ML_PYTHON names another.`,
      };
    }
  }

  private constructor(child: ChildProcess, lines: Interface, { python, modules, peers }: Hello) {
    this.#child = child;
    this.#lines = lines;
    this.#peers = new Set(peers);
    const there = Object.entries(modules).map(([name, version]) => `${name} ${version}`);
    const missing = ["numpy", "scipy", "librosa"].filter((name) => !(name in modules));
    this.about =
      `Python ${python}: ${there.join(", ") || "no library"}, one thread` +
      (missing.length > 0 ? `; cannot be imported: ${missing.join(", ")}` : "");
  }

  /**
   * A peer of peers.py with its input.
   * @param peer its name there
   * @param times how many computations one of its calls does
   * @returns a list of it, or an empty one where its library is missing
   */
  async candidate(name: string, peer: string, { data, shape, options = {} }: Input, times = 1): Promise<Candidate[]> {
    if (!this.#peers.has(peer)) return [];
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64");
    const request = { do: "prepare", peer, shape, data: bytes, options };
    const { id, result } = (await this.#ask(request)) as { id: number; result: number[] };
    return [
      {
        name,
        result: () => result,
        run: async (count) => {
          const calls = Math.ceil(count / times);
          const { us } = (await this.#ask({ do: "time", id, count: calls })) as { us: number };
          return (us * count) / (calls * times);
        },
      },
    ];
  }

  stop(): void {
    this.#lines.close();
    this.#child.stdin?.end();
  }

  #ask(request: object): Promise<unknown> {
    return ask(this.#child, this.#lines, request);
  }
}

/** One line there, one line back. */
async function ask(child: ChildProcess, lines: Interface, request: object): Promise<unknown> {
  const reply = new Promise<string>((resolve, reject) => {
    const ended = () => reject(new Error("it ended"));
    child.once("exit", ended);
    lines.once("line", (line) => {
      child.off("exit", ended);
      resolve(line);
    });
  });
  child.stdin?.write(`${JSON.stringify(request)}\n`);
  const answer = JSON.parse(await reply) as { error?: string };
  if (answer.error !== undefined) throw new Error(`peers.py: ${answer.error}`);
  return answer;
}
