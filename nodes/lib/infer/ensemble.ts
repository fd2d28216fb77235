import type { AnomalyResult, ModelReference, Result } from "../frame/index.js";
import type { Manifest } from "../model/index.js";
import { agreed, marginOf, type Opinion } from "./agreement.js";
import type { Embedding } from "./embedding.js";
import type { FrameCheck } from "./frame-check.js";
import type { Interpreter } from "./interpreter.js";
import type { LoadedModel } from "./load-model.js";
import type { MoreInputs } from "./more-inputs.js";
import type { OutputTensor, Runner, RunOutput } from "./runner.js";

/** An older version of a model, which has a say until it fails. */
export interface Elder {
  readonly model: LoadedModel;
  readonly dropped: boolean;
  /** It failed: it is asked no more. */
  drop(error: unknown): void;
}

export interface EnsembleSettings {
  /** How many must agree; 0 for all, and never more than there are. */
  atLeast: number;
  /** The ensemble is no longer used. */
  close(): Promise<void>;
}

/** Stands for the outputs of a version that was not asked. */
const NONE: OutputTensor = { name: "", shape: [0], data: new Float32Array(0) };

/**
 * Several versions of an anomaly model that run as one: each frame goes through all of them, and the result says what
 * enough of them say. The newest decides what frames it takes; when it fails, the frame fails.
 */
export class Ensemble implements LoadedModel {
  readonly reference: ModelReference;
  readonly task = "anomaly";
  readonly runner: Runner;
  readonly interpreter: Interpreter;
  readonly check: FrameCheck;
  readonly moreInputs: readonly string[];
  readonly maxBatch: number;
  readonly medianMs: number | undefined;
  readonly wasm: boolean;
  readonly manifest?: Manifest;
  readonly embedding?: Embedding;
  readonly #newest: LoadedModel;
  readonly #elders: readonly Elder[];
  readonly #atLeast: number;

  constructor(newest: LoadedModel, elders: readonly Elder[], { atLeast, close }: EnsembleSettings) {
    const all = [newest, ...elders.map(({ model }) => model)];
    this.#newest = newest;
    this.#elders = elders;
    this.#atLeast = atLeast;
    this.reference = newest.reference;
    this.check = newest.check;
    this.moreInputs = newest.moreInputs;
    // Each may take so many within the time that a batch may take; together they have to share it.
    this.maxBatch = Math.max(1, Math.floor(Math.min(...all.map(({ maxBatch }) => maxBatch)) / all.length));
    this.medianMs = newest.medianMs;
    this.wasm = newest.wasm ?? false;
    if (newest.manifest) this.manifest = newest.manifest;
    if (newest.embedding) this.embedding = newest.embedding;
    const { place, inputShape, outputs } = newest.runner;
    this.runner = { place, inputShape, outputs, run: (...args) => this.#run(...args), close };
    this.interpreter = {
      outputs: newest.interpreter.outputs,
      result: (tensors, row, rows) => this.#result(tensors, row, rows),
    };
  }

  /** The versions that have a say, the newest first. */
  get versions(): string[] {
    const elders = this.#elders.filter(({ dropped }) => !dropped).map(({ model }) => model);
    return [this.#newest, ...elders].map(({ reference }) => reference.version);
  }

  /** How many of them must agree. */
  get needed(): number {
    return neededOf(this.#atLeast, this.versions.length);
  }

  async #run(rows: Float32Array, count: number, shape?: readonly number[], more?: MoreInputs): Promise<RunOutput> {
    const started = performance.now();
    const ask = async ({ runner }: LoadedModel) => (await runner.run(rows, count, shape, more)).outputs;
    const parts = await Promise.all([
      ask(this.#newest),
      ...this.#elders.map((elder) => {
        const none = () => elder.model.runner.outputs.map(() => NONE);
        if (elder.dropped) return none();
        return ask(elder.model).catch((error: unknown) => {
          elder.drop(error);
          return none();
        });
      }),
    ]);
    return { outputs: parts.flat(), ms: performance.now() - started };
  }

  #result(outputs: readonly OutputTensor[], row: number, rows: number): Result {
    let at = this.#newest.runner.outputs.length;
    const opinions = [opinionOf(this.#newest, outputs.slice(0, at), row, rows)];
    for (const elder of this.#elders) {
      const own = outputs.slice(at, at + elder.model.runner.outputs.length);
      at += own.length;
      if (elder.dropped || own[0] === NONE) continue;
      try {
        opinions.push(opinionOf(elder.model, own, row, rows));
      } catch (error) {
        elder.drop(error);
      }
    }
    return agreed(opinions, neededOf(this.#atLeast, opinions.length));
  }
}

function opinionOf(
  { interpreter, manifest }: LoadedModel,
  outputs: readonly OutputTensor[],
  row: number,
  rows: number,
): Opinion {
  const result = interpreter.result(outputs, row, rows) as AnomalyResult;
  return { result, margin: marginOf(manifest, result.threshold) };
}

function neededOf(atLeast: number, versions: number): number {
  return atLeast === 0 ? versions : Math.min(atLeast, versions);
}
