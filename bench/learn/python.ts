import { join } from "node:path";
import type { LearnTask } from "../../nodes/lib/index.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import { LineProcess } from "../lib/line-process.ts";
import { FEATURES } from "./data.ts";

interface Hello {
  python: string;
  modules: Record<string, string>;
  peers: string[];
}

/** Settings of a learner; of a network with the passes that are made. */
export type PeerOptions = Record<string, unknown>;

/** The learners of scikit-learn and torch: peers.py in a process for each of the interpreters. */
export class PythonLearners {
  readonly #byPeer: ReadonlyMap<string, LineProcess>;
  readonly #all: readonly LineProcess[];
  /** For a note. */
  readonly about: string;

  static async start(): Promise<PythonLearners> {
    const python = process.env.EDGE_ML_PYTHON ?? "python3";
    const byPeer = new Map<string, LineProcess>();
    const all: LineProcess[] = [];
    const about: string[] = [];
    for (const command of new Set([python, process.env.EDGE_ML_PYTHON_TORCH ?? python])) {
      try {
        const child = await LineProcess.start(command, join(ROOT, "bench/learn/peers.py"));
        const { python: version, modules, peers } = await child.ask<Hello>({ do: "hello" });
        all.push(child);
        for (const peer of peers) if (!byPeer.has(peer)) byPeer.set(peer, child);
        const names = Object.entries(modules).map(([name, its]) => `${name} ${its}`);
        about.push(`Python ${version} with ${names.join(", ")}, one thread`);
      } catch (error) {
        about.push(`no Python peers of "${command}" (${(error as Error).message})`);
      }
    }
    const missing = ["anomaly pca", "anomaly autoencoder"].filter((peer) => !byPeer.has(peer));
    if (missing.length > 0) {
      about.push("EDGE_ML_PYTHON names one that has numpy and sklearn, EDGE_ML_PYTHON_TORCH one that has torch");
    }
    return new PythonLearners(byPeer, all, about.join("; "));
  }

  private constructor(byPeer: ReadonlyMap<string, LineProcess>, all: readonly LineProcess[], about: string) {
    this.#byPeer = byPeer;
    this.#all = all;
    this.about = about;
  }

  /** Lets all of them read the rows of a task. */
  async read(task: LearnTask, folder: string): Promise<void> {
    for (const child of this.#all) await child.ask({ do: "data", task, folder, columns: FEATURES });
  }

  /** Who learns as this learner does, or undefined when there is nobody. */
  peer(task: LearnTask, id: string): PeerLearner | undefined {
    const name = `${task} ${id}`;
    const child = this.#byPeer.get(name);
    return child && new PeerLearner(name, child);
  }

  stop(): void {
    for (const child of this.#all) child.stop();
  }
}

class PeerLearner {
  readonly #peer: string;
  readonly #process: LineProcess;

  constructor(peer: string, process: LineProcess) {
    this.#peer = peer;
    this.#process = process;
  }

  /** µs of one training. */
  async fit(options: PeerOptions, seed: number): Promise<number> {
    const { us } = await this.#process.ask<{ us: number }>({ do: "fit", peer: this.#peer, options, seed });
    return us;
  }

  /** Of the model that was trained last, for the rows held out. */
  async answers(): Promise<number[]> {
    return (await this.#process.ask<{ answers: number[] }>({ do: "answers" })).answers;
  }

  /** µs of so many rows, one by one. */
  async score(count: number): Promise<number> {
    return (await this.#process.ask<{ us: number }>({ do: "time", count })).us;
  }
}

export type { PeerLearner };
