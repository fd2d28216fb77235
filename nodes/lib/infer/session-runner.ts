import type { InferenceSession, Tensor } from "onnxruntime-node";
import { EdgeMlError } from "../errors/index.js";
import { portName } from "../model/index.js";
import { onnxruntime, runtimeMessage } from "../runtime/index.js";
import { exactIntegers } from "./exact-integers.js";
import { inOrder } from "./in-order.js";
import { type InputCast, inputCast } from "./input-cast.js";
import { type InputOrder, inputDims, type Shape, shapeText } from "./input-shape.js";
import { frameInput, type InputValues, type MoreInputs } from "./more-inputs.js";
import { plainData } from "./output-data.js";
import type { ModelSource, OutputTensor, Runner, RunOutput } from "./runner.js";

/**
 * One thread and no parallel mode: on the small models of a gateway more threads cost more than they bring.
 * No arena: it keeps the memory of the largest batch that ever ran, about 1 MB for each model, and saves no time here.
 * The log is off because what goes wrong is thrown.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  enableCpuMemArena: false,
  graphOptimizationLevel: "all",
  logSeverityLevel: 4,
};

/** Runs a model on the calling thread, which each run blocks: for models of about a millisecond at most. */
export class SessionRunner implements Runner {
  readonly place = "process";
  readonly inputShape: Shape;
  readonly outputs: readonly string[];
  readonly #name: string;
  readonly #session: InferenceSession;
  readonly #Tensor: typeof Tensor;
  /** The one that takes the frame. */
  readonly #input: Input;
  readonly #more: readonly Input[];
  /** What the session calls the outputs. */
  readonly #ports: readonly string[];
  readonly #order: InputOrder | undefined;
  /** Frames in a run of a model that was exported with a fixed batch; it runs one frame, repeated. */
  readonly #batch: number | undefined;
  #running = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  /** @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME */
  static async open(source: ModelSource): Promise<SessionRunner> {
    const { ort } = await onnxruntime();
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(source.bytes, { ...OPTIONS, ...(await exactIntegers(ort)) });
    } catch (error) {
      throw invalid(source.name, `ONNX Runtime cannot load it (${runtimeMessage(error)})`, error);
    }
    try {
      return new SessionRunner(source, session, ort.Tensor);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  private constructor(source: ModelSource, session: InferenceSession, tensor: typeof Tensor) {
    const { name } = source;
    const inputs = session.inputMetadata.map((input) => inputOf(name, input));
    const input = frameInput(inputs);
    if (!input) {
      const reason = inputs.length === 0 ? "it has no input" : "all of its inputs are text, and a frame holds numbers";
      throw invalid(name, reason);
    }
    this.#name = name;
    this.#session = session;
    this.#Tensor = tensor;
    this.#input = input;
    this.#more = inputs.filter((each) => each !== input);
    this.#order = source.order;
    this.#batch = this.#more.length === 0 ? fixedBatch(input.shape, session) : undefined;
    this.inputShape = this.#batch === undefined ? input.shape : [1, ...input.shape.slice(1)];
    this.#ports = chooseOutputs(session, source);
    this.outputs = this.#ports.map(portName);
  }

  async run(rows: Float32Array, count: number, frameShape?: readonly number[], more?: MoreInputs): Promise<RunOutput> {
    if (this.#closed) throw failed(this.#name, "it is closed");
    const feeds: Record<string, Tensor> = { [this.#input.port]: this.#frameTensor(rows, count, frameShape) };
    for (const input of this.#more) feeds[input.port] = this.#moreTensor(input, more?.get(input.name));
    const started = performance.now();
    this.#running++;
    try {
      const results = await this.#session.run(feeds, this.#ports);
      const ms = performance.now() - started;
      const outputs: OutputTensor[] = [];
      for (let i = 0; i < this.#ports.length; i++) {
        const { dims, type, data } = results[this.#ports[i]!] as Tensor;
        const output = { name: this.outputs[i]!, shape: dims, data: plainData(type, data) };
        outputs.push(this.#batch === undefined ? output : firstOf(output, this.#batch));
      }
      return { outputs, ms };
    } catch (error) {
      throw failed(this.#name, runtimeMessage(error), error);
    } finally {
      this.#running--;
      if (this.#running === 0) this.#idle?.();
    }
  }

  #frameTensor(rows: Float32Array, count: number, frameShape: readonly number[] | undefined): Tensor {
    const length = rows.length / count;
    const dims = inputDims(this.inputShape, count, length, frameShape, this.#order);
    if (!dims) {
      const got = `${count} × ${frameShape?.join(" × ") ?? length}`;
      throw failed(this.#name, `its input is ${shapeText(this.inputShape)}, but ${got} numbers came`);
    }
    let data = inOrder(rows, count, this.inputShape, frameShape, this.#order);
    if (this.#batch !== undefined) {
      data = repeat(data, this.#batch);
      dims[0] = this.#batch;
    }
    return new this.#Tensor(this.#input.type, this.#input.cast!.convert(data), dims);
  }

  /** @throws EdgeMlError EDGE_ML_PAYLOAD */
  #moreTensor({ name, type, shape, cast }: Input, values: InputValues | undefined): Tensor {
    const dims = values && inputDims(shape, 1, values.length);
    if (values && dims) {
      if (cast && values instanceof Float64Array) return new this.#Tensor(type, cast.convert(values), dims);
      if (!cast && !(values instanceof Float64Array)) return new this.#Tensor("string", [...values], dims);
    }
    const got = values ? `${values.length} ${values instanceof Float64Array ? "numbers" : "texts"}` : "missing";
    const expected = `${shapeText(shape)} ${cast ? `numbers (${type})` : "texts"}, an input of the model "${this.#name}"`;
    throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: `msg.inputs.${name}`, got, expected });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running > 0) {
      await new Promise<void>((done) => {
        this.#idle = done;
      });
    }
    await this.#session.release();
  }
}

/** An input of a model. */
interface Input {
  name: string;
  /** What the session calls it. */
  port: string;
  type: Tensor.Type;
  shape: Shape;
  /** Missing for text. */
  cast?: InputCast;
}

function inputOf(name: string, input: InferenceSession.ValueMetadata): Input {
  const shown = portName(input.name);
  if (!input.isTensor) throw invalid(name, `its input "${shown}" is no tensor`);
  const { type } = input;
  const cast = inputCast(type);
  if (!cast && type !== "string") {
    throw invalid(name, `its input "${shown}" is of type ${type ?? "unknown"}, which is not supported`);
  }
  const port = { name: shown, port: input.name, type, shape: input.shape.map(sizeOf) };
  return cast ? { ...port, cast } : port;
}

/** −1, which stands for an open dimension, as the WebAssembly build reads it. */
const OPEN_IN_WASM = 2 ** 32 - 1;

/** Null for an open dimension, which else is a name or "". */
function sizeOf(size: number | string): number | null {
  return typeof size === "number" && size > 0 && size !== OPEN_IN_WASM ? size : null;
}

/** The batch that a model was exported with, when it is more than one frame: then all outputs begin with it, too. */
function fixedBatch(shape: Shape, session: InferenceSession): number | undefined {
  const batch = shape[0];
  if (typeof batch !== "number" || batch < 2 || shape.length < 2 || shape.includes(null)) return undefined;
  const outputs = session.outputMetadata.filter((output) => output.isTensor);
  return outputs.every((output) => output.isTensor && output.shape[0] === batch) ? batch : undefined;
}

function repeat(row: Float32Array, times: number): Float32Array {
  const rows = new Float32Array(row.length * times);
  for (let i = 0; i < times; i++) rows.set(row, i * row.length);
  return rows;
}

function firstOf({ name, shape, data }: OutputTensor, batch: number): OutputTensor {
  if (shape[0] !== batch) return { name, shape, data };
  return { name, shape: [1, ...shape.slice(1)], data: data.slice(0, data.length / batch) };
}

/** The wished outputs, each of which must be a tensor; or all that are (scikit-learn's ZipMap makes maps beside them). */
function chooseOutputs(session: InferenceSession, { name, outputs }: ModelSource): string[] {
  const tensors = session.outputMetadata.filter((output) => output.isTensor).map((output) => output.name);
  if (tensors.length === 0) throw invalid(name, "none of its outputs is a tensor");
  if (!outputs || outputs.length === 0) return tensors;
  return outputs.map((wished) => {
    const port = tensors.find((each) => portName(each) === wished);
    if (port !== undefined) return port;
    throw invalid(name, `it has no output tensor "${wished}"; it has ${tensors.map(portName).join(", ")}`);
  });
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}

function failed(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_RUN", { name, reason }, { cause });
}
