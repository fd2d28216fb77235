import type { InputOrder } from "./input-shape.js";
import type { MoreInputs } from "./more-inputs.js";

/** One output of a model; what JSON cannot hold (int64, float16) has become a plain number already. */
export interface OutputTensor {
  name: string;
  shape: readonly number[];
  /** Row-major. */
  data: Float32Array | Float64Array | readonly string[];
}

export interface RunOutput {
  /** In the order of the runner's `outputs`. */
  outputs: OutputTensor[];
  /** What the run took. */
  ms: number;
}

/** A loaded model that runs rows of numbers. */
export interface Runner {
  /** Where it computes: on the calling thread, in a worker of its own, or on a model server. */
  readonly place: "process" | "worker" | "server";
  /** Of the model's input as its file declares it; null is a dimension that is known only when it runs. */
  readonly inputShape: readonly (number | null)[];
  /** Names of the outputs that a run returns. */
  readonly outputs: readonly string[];
  /**
   * @param rows row-major, `count` frames one after the other; not changed, and not to be changed until this settles
   * @param frameShape of one frame, for a model that leaves more than one dimension open
   * @param more values of the model's further inputs, for one frame
   * @throws EdgeMlError EDGE_ML_MODEL_RUN, EDGE_ML_PAYLOAD
   */
  run(rows: Float32Array, count: number, frameShape?: readonly number[], more?: MoreInputs): Promise<RunOutput>;
  /** Waits for the run that is under way, and frees the model. */
  close(): Promise<void>;
}

/** What a runner is made from. */
export interface ModelSource {
  /** What the model is called in errors. */
  name: string;
  bytes: Uint8Array;
  /** The outputs to compute; all tensors when left out. */
  outputs?: readonly string[];
  /** How rows and columns lie where the shape fits both ways; "rows" when left out. */
  order?: InputOrder;
}
