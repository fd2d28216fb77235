import { join } from "node:path";
import { ROOT } from "../../scripts/lib/project.ts";
import { LineProcess } from "../lib/line-process.ts";
import type { Bundle } from "./bundle.ts";
import type { Cost } from "./cost.ts";

interface Hello {
  python: string;
  modules: Record<string, string>;
  chains: string[];
}

/** The same chain in Python: chain.py in a process of its own, one for each way of computing the features. */
export class PythonChain {
  readonly name: string;
  /** The probabilities of the first hops of a stream. */
  readonly scores: number[][];
  readonly #process: LineProcess;

  /** @returns what there is, and for a note what is missing */
  static async start(bundle: Bundle, pcm: Buffer): Promise<{ chains: PythonChain[]; note: string }> {
    const command = process.env.EDGE_ML_PYTHON ?? "python3";
    const script = join(ROOT, "bench/voice/chain.py");
    try {
      const first = await LineProcess.start(command, script);
      const { python, modules, chains: names } = await first.ask<Hello>({ do: "hello" });
      first.stop();
      const { input, triggers, labels } = bundle.manifest;
      const about = { recipe: input.recipe, triggers, labels };
      const chains: PythonChain[] = [];
      for (const name of names) {
        const child = await LineProcess.start(command, script);
        const { scores } = await child.ask<{ scores: number[][] }>({
          do: "prepare",
          chain: name,
          model: bundle.bytes.toString("base64"),
          pcm: pcm.toString("base64"),
          ...about,
        });
        chains.push(new PythonChain(name, child, scores));
      }
      const there = Object.entries(modules).map(([name, version]) => `${name} ${version}`);
      const missing = ["numpy", "scipy", "librosa", "onnxruntime"].filter((name) => !(name in modules));
      const note = `Python ${python}: ${there.join(", ") || "no library"}, one thread`;
      return { chains, note: missing.length > 0 ? `${note}; cannot be imported: ${missing.join(", ")}` : note };
    } catch (error) {
      const why = (error as Error).message;
      return { chains: [], note: `No Python chain: "${command}" fails (${why}). EDGE_ML_PYTHON names another.` };
    }
  }

  private constructor(name: string, child: LineProcess, scores: number[][]) {
    this.name = name;
    this.#process = child;
    this.scores = scores;
  }

  /** So many hops of so many streams. */
  async run(streams: number, hops: number): Promise<Cost> {
    const { us, cpu } = await this.#process.ask<{ us: number; cpu: number }>({ do: "time", streams, hops });
    return { wall: us, cpu };
  }

  stop(): void {
    this.#process.stop();
  }
}
