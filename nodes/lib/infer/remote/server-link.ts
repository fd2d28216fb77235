import { EdgeMlError } from "../../errors/index.js";
import { inOrder } from "../in-order.js";
import { type InputOrder, inputDims, type Shape, shapeText } from "../input-shape.js";
import type { Description, ModelServer } from "./model-server.js";
import type { InferAnswer, ServerTensor } from "./protocol.js";

export interface LinkEvents {
  /** The server is ready for frames: at first, and again after it was away. */
  up(): void;
  /**
   * It is not: at first, and whenever it was lost.
   * @param known it did nothing for us since the failure before this one: a person was told already
   */
  down(error: EdgeMlError, known: boolean): void;
}

export interface LinkTimes {
  /** Until it is asked again after a failure; twice as long after each further one. */
  retryMs?: number;
  /** Between two questions whether it is still well, while no frames come. */
  healthMs?: number;
}

const RETRY_MS = 1000;
const MAX_RETRY_MS = 30_000;
const HEALTH_MS = 10_000;
/** Refused or unusable answers in a row, after which the server counts as lost: one may be the frame's fault. */
const STRIKES = 3;

/**
 * Knows whether a model server is there. A frame never waits for one that is not: after a failure it is asked in the
 * background, ever more seldom, and gets frames again when it says that it is ready.
 */
export class ServerLink {
  readonly server: ModelServer;
  readonly #events: LinkEvents;
  readonly #retryMs: number;
  readonly #healthMs: number;
  #description: Description | undefined;
  /** Why it gets no frames; undefined while it does. */
  #lost: EdgeMlError | undefined;
  /** Failures since it last computed a frame, or was well for a while. */
  #failures = 0;
  #strikes = 0;
  /** It computed a frame since it was last asked how it is. */
  #proven = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(server: ModelServer, events: LinkEvents, { retryMs = RETRY_MS, healthMs = HEALTH_MS }: LinkTimes = {}) {
    this.server = server;
    this.#events = events;
    this.#retryMs = retryMs;
    this.#healthMs = healthMs;
    this.#lost = new EdgeMlError("EDGE_ML_SERVER_DOWN", { server: server.name, reason: "it was not asked yet" });
  }

  /** It gets frames. */
  get isUp(): boolean {
    return this.#lost === undefined;
  }

  /** What the server said of its model when it was last reached. */
  get description(): Description | undefined {
    return this.#description;
  }

  /** Resolves after the first attempt, however it ended. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /**
   * @param rows row-major, `count` frames one after the other
   * @param outputs all when left out
   * @throws EdgeMlError EDGE_ML_SERVER_DOWN (at once while it is away), _TIMEOUT, _REFUSED, _ANSWER
   */
  async infer(
    rows: Float32Array,
    count: number,
    outputs: readonly string[] | undefined,
    frameShape?: readonly number[],
    order?: InputOrder,
  ): Promise<InferAnswer> {
    const description = this.#description;
    if (this.#lost || !description) throw this.#lost;
    try {
      const { model, binary } = description;
      const input = onlyInput(model.inputs, this.server.name);
      const dims = dimsOf(input, rows, count, frameShape, order, this.server.name);
      const data = inOrder(rows, count, input.shape, frameShape, order);
      const wished = outputs ?? model.outputs.map(({ name }) => name);
      const answer = await this.server.infer({ input, rows: data, dims, outputs: wished, binary });
      this.#failures = 0;
      this.#strikes = 0;
      this.#proven = true;
      return answer;
    } catch (error) {
      const failure = EdgeMlError.from(error);
      if (this.#closed) throw failure;
      this.#strikes++;
      if (isLost(failure) || this.#strikes >= STRIKES) this.#lose(failure);
      throw failure;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.server.close();
  }

  async #connect(): Promise<void> {
    try {
      await this.server.checkReady();
      const description = await this.server.describe();
      if (this.#closed) return;
      this.#description = description;
      this.#lost = undefined;
      this.#strikes = 0;
      this.#later(this.#healthMs, () => this.#examine());
      this.#events.up();
    } catch (error) {
      if (!this.#closed) this.#lose(EdgeMlError.from(error));
    }
  }

  async #examine(): Promise<void> {
    try {
      if (!this.#proven) await this.server.checkReady();
      this.#proven = false;
      this.#failures = 0;
      if (!this.#closed && this.isUp) this.#later(this.#healthMs, () => this.#examine());
    } catch (error) {
      if (!this.#closed && this.isUp) this.#lose(EdgeMlError.from(error));
    }
  }

  #lose(error: EdgeMlError): void {
    const failures = this.#failures++;
    this.#lost = error;
    const pause = Math.min(MAX_RETRY_MS, this.#retryMs * 2 ** Math.min(failures, 20));
    this.#later(pause * (0.75 + Math.random() / 2), () => this.#connect());
    this.#events.down(error, failures > 0);
  }

  #later(ms: number, work: () => Promise<void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void work(), ms).unref();
  }
}

/** What says that the server, the way to it, or the right to use it is gone; the frame has no part in it. */
function isLost({ code, details }: EdgeMlError): boolean {
  if (code === "EDGE_ML_SERVER_REFUSED") return [401, 403, 404].includes(Number(details.status));
  return code === "EDGE_ML_SERVER_DOWN" || code === "EDGE_ML_SERVER_TIMEOUT";
}

function onlyInput(inputs: readonly ServerTensor[], server: string): ServerTensor {
  if (inputs.length === 1) return inputs[0]!;
  const got = inputs.map(({ name }) => name).join(", ");
  throw new EdgeMlError("EDGE_ML_SERVER_ANSWER", { server, field: "the list of inputs", got, expected: "one input" });
}

function dimsOf(
  { name, shape }: ServerTensor,
  rows: Float32Array,
  count: number,
  frameShape: readonly number[] | undefined,
  order: InputOrder | undefined,
  server: string,
): number[] {
  const dims = inputDims(shape, count, rows.length / count, frameShape, order);
  if (dims) return dims;
  const got: Shape = [count, ...(frameShape ?? [rows.length / count])];
  const details = { server, field: `the input "${name}"`, got: shapeText(shape), expected: shapeText(got) };
  throw new EdgeMlError("EDGE_ML_SERVER_ANSWER", details);
}
