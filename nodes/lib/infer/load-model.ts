import { EdgeMlError } from "../errors/index.js";
import type { ModelReference, Task } from "../frame/index.js";
import {
  filesBeside,
  type Manifest,
  type PortInfo,
  readClassifier,
  readModelInfo,
  type StoredModel,
  withFloatPorts,
  withInlineData,
  withPlainOutputs,
} from "../model/index.js";
import { onnxruntime } from "../runtime/index.js";
import { Embedding } from "./embedding.js";
import { FrameCheck } from "./frame-check.js";
import type { InputOrder } from "./input-shape.js";
import { type Interpreter, type InterpreterSettings, interpreter } from "./interpreter.js";
import { type MeaningSettings, meaningOf } from "./meaning.js";
import { frameInput, zerosFor } from "./more-inputs.js";
import type { ModelSource, Runner } from "./runner.js";
import { SessionRunner } from "./session-runner.js";
import type { Shared, SharedRunners } from "./shared-runners.js";
import { measure, type Trial, tryModel, tryResults } from "./trial.js";
import { type WorkerEntry, WorkerRunner } from "./worker-runner.js";

/** A model file, as the store gives it; its path only to find files beside it. */
export type ModelFile = Pick<StoredModel, "name" | "version" | "sha256" | "bytes" | "manifest"> &
  Partial<Pick<StoredModel, "path">>;

/** A model that was tried and is ready for frames. */
export interface LoadedModel {
  reference: ModelReference;
  task: Task;
  runner: Runner;
  interpreter: Interpreter;
  check: FrameCheck;
  /** Names of the inputs beside the one that takes the frame. */
  moreInputs: readonly string[];
  /** How many frames one run may take; 1 when the model does not treat the rows of a batch alone. */
  maxBatch: number;
  /** Of one run with one frame, median of the trial; undefined when the file does not say how large a frame is. */
  medianMs: number | undefined;
  /** The same model on this machine, for when the server that runs it does not answer. */
  local?: LoadedModel;
  /** What it says of itself; missing from a model that was made elsewhere. */
  manifest?: Manifest;
  /** The layer that goes on with each result. */
  embedding?: Embedding;
  /** It runs on the WebAssembly build of ONNX Runtime, since this machine has no native one. */
  wasm?: boolean;
}

export interface LoadOptions extends InterpreterSettings, MeaningSettings {
  /** How rows and columns lie in an input whose shape fits both ways. */
  order?: InputOrder;
  /** A layer of the network goes on, too. */
  embedding?: boolean;
  /** A model whose median run takes longer than this runs in a worker. */
  maxProcessMs?: number;
  worker?: WorkerEntry;
  /** Nodes that load with the same one share the sessions of the files that they have in common. */
  shared?: SharedRunners;
}

/** Longer than this no run may hold the event loop. */
const MAX_PROCESS_MS = 1;
/** Loading a larger file would hold the event loop at every change of version. */
const MAX_PROCESS_BYTES = 1024 * 1024;
/** What a batch may take: on the event loop, and in a worker, where only the first frame of the batch waits for it. */
const BATCH_MS = { process: 4, worker: 50, server: 50 };
const MAX_BATCH = 64;
const MAX_BATCH_NUMBERS = 65_536;

/**
 * Loads a model and tries it, all in a worker, so that neither a large nor a broken file is felt. One that is quick
 * enough then runs on the calling thread; any other stays where it is.
 * @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME
 */
export async function loadModel(file: ModelFile, options: LoadOptions = {}): Promise<LoadedModel> {
  const { manifest } = file;
  const name = `${file.name}, version ${file.version}`;
  const whole = await withWeights(file, name);
  const plain = withPlainOutputs(whole, name);
  const info = readModelInfo(plain, name);
  // The file as it was: what made the probabilities of a ZipMap is gone from the other.
  const meaning = meaningOf(name, manifest, info, readClassifier(whole), options);
  const interpret = interpreter(name, meaning, options);
  const source: ModelSource = { name, bytes: withFloatPorts(plain, info) };
  const embedding = options.embedding ? new Embedding(file, name) : undefined;
  const outputs = outputsOf(interpret, embedding);
  if (outputs) source.outputs = outputs;
  if (options.order) source.order = options.order;
  const moreInputs = info.inputs.filter((input) => input !== frameInput(info.inputs));
  const open = () => openRunner(source, manifest, moreInputs, options);
  // The bytes are known by their hash; whatever else the source says makes another session.
  const key = JSON.stringify([file.version, file.sha256, { ...source, bytes: undefined }]);
  const { runner, found: trial } = await (options.shared ? options.shared.take(key, open) : open());
  try {
    if (interpret.outputs) await tryResults(name, trial, interpret, manifest !== undefined);
    return {
      reference: { name: file.name, version: file.version, sha256: file.sha256 },
      task: meaning.task,
      runner,
      interpreter: interpret,
      check: new FrameCheck(file.name, manifest, manifest?.input.shape ?? runner.inputShape),
      moreInputs: moreInputs.map((input) => input.name),
      maxBatch: batchSize(trial, runner.place),
      medianMs: trial.medianMs,
      wasm: await isWasm(),
      ...(manifest ? { manifest } : {}),
      ...(embedding ? { embedding } : {}),
    };
  } catch (error) {
    await runner.close();
    throw error;
  }
}

/** The outputs that a run has to give, the interpreter's first; undefined for all that there are. */
export function outputsOf({ outputs }: Interpreter, embedding: Embedding | undefined): readonly string[] | undefined {
  return outputs && embedding ? [...outputs, embedding.output] : outputs;
}

/** The model with the weights that PyTorch writes into a second file. */
async function withWeights({ bytes, path }: ModelFile, name: string): Promise<Uint8Array> {
  if (!readModelInfo(bytes, name).externalData) return bytes;
  if (path !== undefined) return withInlineData(bytes, filesBeside(path, name), name);
  const reason = "its weights are in a second file (such as model.onnx.data); export it as one file";
  throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
}

/** What all nodes have in common that run a file: how its outputs are read is each node's own. */
async function openRunner(
  source: ModelSource,
  manifest: Manifest | undefined,
  moreInputs: readonly PortInfo[],
  { worker, maxProcessMs = MAX_PROCESS_MS }: LoadOptions,
): Promise<Shared<Trial>> {
  const first = await takeTurn(() => WorkerRunner.open(source, worker));
  let runner: Runner = first;
  try {
    const found = await tryModel(source.name, first, manifest, moreInputs);
    const { medianMs } = found;
    const quick = medianMs !== undefined && medianMs <= maxProcessMs;
    // To compile WebAssembly would hold the event loop for longer than any quick model does.
    if (!quick || source.bytes.length > MAX_PROCESS_BYTES || (await isWasm())) return { runner, found };
    runner = await SessionRunner.open(source);
    await first.close();
    // Warm before the first frame comes, and measured where it will run: a worker's first runs are slower.
    const frame = new Float32Array(found.length!);
    return {
      runner,
      found: { ...found, medianMs: await measure(source.name, runner, frame, zerosFor(moreInputs)) },
    };
  } catch (error) {
    await Promise.all([first.close(), runner.close()]);
    throw error;
  }
}

async function isWasm(): Promise<boolean> {
  return (await onnxruntime()).kind === "wasm";
}

/** How many frames one run may take, as the trial showed. */
export function batchSize({ batches, medianMs, length }: Trial, place: Runner["place"]): number {
  if (!batches || medianMs === undefined || length === undefined) return 1;
  const inTime = Math.floor(BATCH_MS[place] / Math.max(medianMs, 0.001));
  return Math.max(1, Math.min(MAX_BATCH, inTime, Math.floor(MAX_BATCH_NUMBERS / length)));
}

let turn: Promise<unknown> = Promise.resolve();

/** One after the other: fifty nodes that start at once do not start fifty workers at once. */
function takeTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work);
  turn = mine.catch(() => undefined);
  return mine;
}
