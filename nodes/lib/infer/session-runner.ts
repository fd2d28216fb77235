import type { InferenceSession, Tensor } from "onnxruntime-node";
import { EdgeMlError } from "../errors/index.js";
import { type InputCast, inputCast } from "./input-cast.js";
import { type InputOrder, inputDims, isTurned, type Shape, shapeText } from "./input-shape.js";
import { frameInput, type InputValues, type MoreInputs } from "./more-inputs.js";
import { onnxruntime } from "./onnxruntime.js";
import { plainData } from "./output-data.js";
import type { ModelSource, OutputTensor, Runner, RunOutput } from "./runner.js";
import { runtimeMessage } from "./runtime-message.js";

/**
 * One thread and no parallel mode: on the small models of a gateway more threads cost more than they bring.
 * The log is off because what goes wrong is thrown.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
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
  readonly #order: InputOrder | undefined;
  /** Frames in a run of a model that was exported with a fixed batch; it runs one frame, repeated. */
  readonly #batch: number | undefined;
  #running = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  /** @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME */
  static async open(source: ModelSource): Promise<SessionRunner> {
    const ort = await onnxruntime();
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(source.bytes, OPTIONS);
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
    this.outputs = chooseOutputs(session, source);
  }

  async run(rows: Float32Array, count: number, frameShape?: readonly number[], more?: MoreInputs): Promise<RunOutput> {
    if (this.#closed) throw failed(this.#name, "it is closed");
    const feeds = { [this.#input.name]: this.#frameTensor(rows, count, frameShape) };
    for (const input of this.#more) feeds[input.name] = this.#moreTensor(input, more?.get(input.name));
    const started = performance.now();
    this.#running++;
    try {
      const results = await this.#session.run(feeds, this.outputs);
      const ms = performance.now() - started;
      const outputs: OutputTensor[] = [];
      for (const name of this.outputs) {
        const { dims, type, data } = results[name] as Tensor;
        const output = { name, shape: dims, data: plainData(type, data) };
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
    let data = isTurned(this.inputShape, frameShape, this.#order) ? turn(rows, count, frameShape!) : rows;
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
  type: Tensor.Type;
  shape: Shape;
  /** Missing for text. */
  cast?: InputCast;
}

function inputOf(name: string, input: InferenceSession.ValueMetadata): Input {
  if (!input.isTensor) throw invalid(name, `its input "${input.name}" is no tensor`);
  const { type } = input;
  const cast = inputCast(type);
  if (!cast && type !== "string") {
    throw invalid(name, `its input "${input.name}" is of type ${type ?? "unknown"}, which is not supported`);
  }
  const port = { name: input.name, type, shape: input.shape.map(sizeOf) };
  return cast ? { ...port, cast } : port;
}

function sizeOf(size: number | string): number | null {
  return typeof size === "number" && size > 0 ? size : null;
}

/** The batch that a model was exported with, when it is more than one frame: then all outputs begin with it, too. */
function fixedBatch(shape: Shape, session: InferenceSession): number | undefined {
  const batch = shape[0];
  if (typeof batch !== "number" || batch < 2 || shape.length < 2 || shape.includes(null)) return undefined;
  const outputs = session.outputMetadata.filter((output) => output.isTensor);
  return outputs.every((output) => output.isTensor && output.shape[0] === batch) ? batch : undefined;
}

/** Rows and columns of each frame exchanged. */
function turn(rows: Float32Array, count: number, [height, width]: readonly number[]): Float32Array {
  const turned = new Float32Array(rows.length);
  let at = 0;
  for (let frame = 0; frame < count; frame++) {
    const start = frame * height! * width!;
    for (let column = 0; column < width!; column++) {
      for (let row = 0; row < height!; row++) turned[at++] = rows[start + row * width! + column]!;
    }
  }
  return turned;
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
  for (const wished of outputs ?? []) {
    if (!tensors.includes(wished)) {
      throw invalid(name, `it has no output tensor "${wished}"; it has ${tensors.join(", ") || "none"}`);
    }
  }
  if (tensors.length === 0) throw invalid(name, "none of its outputs is a tensor");
  return outputs && outputs.length > 0 ? [...outputs] : tensors;
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}

function failed(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_RUN", { name, reason }, { cause });
}
