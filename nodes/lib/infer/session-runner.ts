import type { InferenceSession, Tensor } from "onnxruntime-node";
import { EdgeMlError } from "../errors/index.js";
import { exactIntegers } from "./exact-integers.js";
import { type InputCast, inputCast } from "./input-cast.js";
import { inputDims, type Shape, shapeText } from "./input-shape.js";
import { onnxruntime } from "./onnxruntime.js";
import { plainData } from "./output-data.js";
import type { ModelSource, OutputTensor, Runner, RunOutput } from "./runner.js";

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
  readonly #input: string;
  readonly #cast: InputCast;
  #running = 0;
  #closed = false;
  #idle: (() => void) | undefined;

  /** @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME */
  static async open(source: ModelSource): Promise<SessionRunner> {
    const ort = await onnxruntime();
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(source.bytes, { ...OPTIONS, ...(await exactIntegers(ort)) });
    } catch (error) {
      throw invalid(source.name, `ONNX Runtime cannot load it (${messageOf(error)})`, error);
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
    const input = session.inputMetadata[0];
    if (session.inputMetadata.length !== 1 || !input) {
      throw invalid(name, `it has ${session.inputMetadata.length} inputs, and only models with one are supported`);
    }
    if (!input.isTensor) throw invalid(name, `its input "${input.name}" is no tensor`);
    const cast = inputCast(input.type);
    if (!cast) throw invalid(name, `its input "${input.name}" is of type ${input.type}, which is not supported`);
    this.#name = name;
    this.#session = session;
    this.#Tensor = tensor;
    this.#input = input.name;
    this.#cast = cast;
    this.inputShape = input.shape.map((size) => (typeof size === "number" && size > 0 ? size : null));
    this.outputs = chooseOutputs(session, source);
  }

  async run(rows: Float32Array, count: number, frameShape?: readonly number[]): Promise<RunOutput> {
    if (this.#closed) throw failed(this.#name, "it is closed");
    const dims = inputDims(this.inputShape, count, rows.length / count, frameShape);
    if (!dims) {
      const got = `${count} × ${frameShape?.join(" × ") ?? rows.length / count}`;
      throw failed(this.#name, `its input is ${shapeText(this.inputShape)}, but ${got} numbers came`);
    }
    const started = performance.now();
    this.#running++;
    try {
      const tensor = new this.#Tensor(this.#cast.type, this.#cast.convert(rows), dims);
      const results = await this.#session.run({ [this.#input]: tensor }, this.outputs);
      const ms = performance.now() - started;
      const outputs: OutputTensor[] = [];
      for (const name of this.outputs) {
        const { dims, type, data } = results[name] as Tensor;
        outputs.push({ name, shape: dims, data: plainData(type, data) });
      }
      return { outputs, ms };
    } catch (error) {
      throw failed(this.#name, messageOf(error), error);
    } finally {
      this.#running--;
      if (this.#running === 0) this.#idle?.();
    }
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

/** ONNX Runtime's message: its first line, without source positions, is what a person can use. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line.replace(/[.\s]+$/, "");
}

function invalid(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason }, { cause });
}

function failed(name: string, reason: string, cause?: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_RUN", { name, reason }, { cause });
}
