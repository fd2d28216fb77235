import type { ModelReference, Task } from "../../frame/index.js";
import { type Manifest, type PortInfo, readClassifier, readModelInfo, withPlainOutputs } from "../../model/index.js";
import { Embedding } from "../embedding.js";
import { FrameCheck } from "../frame-check.js";
import type { InputOrder, Shape } from "../input-shape.js";
import { type Interpreter, type InterpreterSettings, interpreter } from "../interpreter.js";
import { batchSize, type LoadedModel, type ModelFile, outputsOf } from "../load-model.js";
import { type Meaning, type MeaningSettings, meaningOf } from "../meaning.js";
import type { MoreInputs } from "../more-inputs.js";
import type { Runner, RunOutput } from "../runner.js";
import { tryModel } from "../trial.js";
import type { ServerTensor } from "./protocol.js";
import type { ServerLink } from "./server-link.js";
import { tensorType } from "./tensor-data.js";

/** What is known here of the model that a server runs. */
export interface ServedModelSource {
  /** What the model is called here. */
  name: string;
  /** The same model as a file of the store: its manifest says what the outputs mean and what frames it takes. */
  file?: ModelFile;
  /** The same model, loaded here: takes each frame that the server does not answer. */
  local?: LoadedModel;
}

/** How the outputs of a served model are read, and how windows lie in its input. */
export interface ServedModelSettings extends InterpreterSettings, MeaningSettings {
  order?: InputOrder;
  /** A layer of the network goes on, too: then the model must be known here. */
  embedding?: boolean;
}

/**
 * A model that a server computes. It is ready at once, whether the server is there or not: while it is not, frames go to
 * the local model, or fail with the reason.
 */
export class ServedModel implements LoadedModel {
  readonly task: Task;
  readonly runner: ServedRunner;
  readonly interpreter: Interpreter;
  readonly check: FrameCheck;
  /** A server gets the frame alone; what else a model here wants comes with the message. */
  readonly moreInputs: readonly string[];
  maxBatch: number;
  readonly medianMs = undefined;
  readonly wasm: boolean;
  readonly local?: LoadedModel;
  readonly manifest?: Manifest;
  readonly embedding?: Embedding;
  readonly #name: string;
  readonly #file: ModelFile | undefined;
  readonly #link: ServerLink;
  /** Whether it is known how many frames may go together. */
  #tried: boolean;

  /** @throws EdgeMlError EDGE_ML_MODEL_INVALID when the manifest lacks what its task needs */
  constructor(link: ServerLink, source: ServedModelSource, settings: ServedModelSettings) {
    const { name, file, local } = source;
    const manifest = file?.manifest;
    const meaning = local ? undefined : meaningOfServed(link, source, settings);
    this.#link = link;
    this.#name = name;
    this.#file = file;
    if (local) this.local = local;
    if (manifest) this.manifest = manifest;
    this.task = local?.task ?? meaning!.task;
    this.interpreter = local?.interpreter ?? interpreter(name, meaning!, settings);
    const embedding = local?.embedding ?? (settings.embedding && file ? new Embedding(file, name) : undefined);
    if (embedding) this.embedding = embedding;
    this.moreInputs = local?.moreInputs ?? [];
    // The same outputs in the same order, whoever computes them.
    this.runner = new ServedRunner(
      link,
      outputsOf(this.interpreter, embedding) ?? local?.runner.outputs,
      local?.runner,
      settings.order,
    );
    this.check = local?.check ?? new FrameCheck(name, manifest, manifest?.input.shape ?? this.runner.inputShape);
    this.wasm = local?.wasm ?? false;
    this.maxBatch = local?.maxBatch ?? 1;
    this.#tried = local !== undefined;
  }

  /**
   * Tries on the server whether it treats each row of a batch alone; until then, and if it does not, frames go one by one.
   * To be called when the server is there; never rejects. The local model, if there is one, was tried already.
   */
  async tryBatches(): Promise<void> {
    if (this.#tried) return;
    this.#tried = true;
    try {
      this.maxBatch = batchSize(await tryModel(this.#name, this.runner, this.#file?.manifest), this.runner.place);
    } catch {
      // The next frame will say what is wrong; the trial is made when the server is back.
      this.#tried = false;
    }
  }

  /** Of the last run: the server is named when it computed it. */
  get reference(): ModelReference {
    const { served, servedVersion } = this.runner;
    const reference: ModelReference = this.#file
      ? { name: this.#file.name, version: this.#file.version, sha256: this.#file.sha256 }
      : { name: this.#name, version: servedVersion ?? this.#link.description?.model.version ?? "" };
    if (served) reference.server = this.#link.server.name;
    return reference;
  }
}

/** Of a model that was not loaded here: what its file says, or else the server. */
function meaningOfServed(link: ServerLink, { name, file }: ServedModelSource, settings: MeaningSettings): Meaning {
  if (!file) {
    const outputs = link.description?.model.outputs.map(portOf) ?? [];
    return meaningOf(name, undefined, { outputs }, { labels: undefined, scale: new Map() }, settings);
  }
  const info = readModelInfo(withPlainOutputs(file.bytes, name), name);
  return meaningOf(name, file.manifest, info, readClassifier(file.bytes), settings);
}

function portOf({ name, datatype, shape }: ServerTensor): PortInfo {
  const type = tensorType(datatype);
  const port: PortInfo = { name, kind: "tensor", shape: [...shape] };
  if (type) port.type = type;
  return port;
}

/** Runs frames on a server, or here when it does not answer. */
export class ServedRunner implements Runner {
  readonly place = "server";
  /** The last run was the server's. */
  served = false;
  /** The version of the server's last run, when it says so. */
  servedVersion: string | undefined;
  readonly #link: ServerLink;
  readonly #outputs: readonly string[] | undefined;
  readonly #local: Runner | undefined;
  readonly #order: InputOrder | undefined;

  constructor(
    link: ServerLink,
    outputs: readonly string[] | undefined,
    local: Runner | undefined,
    order: InputOrder | undefined,
  ) {
    this.#link = link;
    this.#outputs = outputs;
    this.#local = local;
    this.#order = order;
  }

  get inputShape(): Shape {
    return this.#local?.inputShape ?? this.#link.description?.model.inputs[0]?.shape ?? [];
  }

  get outputs(): readonly string[] {
    return this.#outputs ?? this.#link.description?.model.outputs.map(({ name }) => name) ?? [];
  }

  /** @throws EdgeMlError EDGE_ML_SERVER_DOWN, _TIMEOUT, _REFUSED, _ANSWER without a local model; EDGE_ML_MODEL_RUN with one */
  async run(rows: Float32Array, count: number, frameShape?: readonly number[], more?: MoreInputs): Promise<RunOutput> {
    const local = this.#local;
    if (local && !this.#link.isUp) {
      this.served = false;
      return local.run(rows, count, frameShape, more);
    }
    const started = performance.now();
    try {
      const { outputs, version } = await this.#link.infer(rows, count, this.#outputs, frameShape, this.#order);
      this.served = true;
      this.servedVersion = version;
      return { outputs, ms: performance.now() - started };
    } catch (error) {
      this.served = false;
      if (!local) throw error;
      return local.run(rows, count, frameShape, more);
    }
  }

  /** The link stays: it belongs to the node, and the next version uses it too. */
  async close(): Promise<void> {
    await this.#local?.close();
  }
}
