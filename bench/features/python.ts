import { join } from "node:path";
import { ROOT } from "../../scripts/lib/project.ts";
import { LineProcess } from "../lib/line-process.ts";
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
  readonly #process: LineProcess;
  readonly #peers: ReadonlySet<string>;
  /** For a note: what there is and what is missing. */
  readonly about: string;

  /** @returns undefined where there is no Python: why is in `note` */
  static async start(): Promise<{ python?: Python; note: string }> {
    const command = process.env.EDGE_ML_PYTHON ?? "python3";
    try {
      const process = await LineProcess.start(command, join(ROOT, "bench/features/peers.py"));
      const python = new Python(process, await process.ask<Hello>({ do: "hello" }));
      return { python, note: python.about };
    } catch (error) {
      return {
        note: `No Python peers: "${command}" does not start (${(error as Error).message}). EDGE_ML_PYTHON names another.`,
      };
    }
  }

  private constructor(process: LineProcess, { python, modules, peers }: Hello) {
    this.#process = process;
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
    const { id, result } = await this.#process.ask<{ id: number; result: number[] }>(request);
    return [
      {
        name,
        result: () => result,
        run: async (count) => {
          const calls = Math.ceil(count / times);
          const { us } = await this.#process.ask<{ us: number }>({ do: "time", id, count: calls });
          return (us * count) / (calls * times);
        },
      },
    ];
  }

  stop(): void {
    this.#process.stop();
  }
}
