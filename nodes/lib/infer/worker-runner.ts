import { join } from "node:path";
import { Worker, type WorkerOptions } from "node:worker_threads";
import { EdgeMlError } from "../errors/index.js";
import type { Shape } from "./input-shape.js";
import type { MoreInputs } from "./more-inputs.js";
import type { ModelSource, Runner, RunOutput } from "./runner.js";
import type { PlainError, RunRequest, WorkerAnswer } from "./runner-worker.js";

/** The worker's code; another one only in tests. */
export interface WorkerEntry {
  file: string;
  execArgv?: string[];
}

const ENTRY: WorkerEntry = { file: join(__dirname, "runner-worker.js") };

/** How long close() waits for the runs under way. */
const CLOSE_MS = 5000;

interface Pending {
  resolve(output: RunOutput): void;
  reject(error: EdgeMlError): void;
}

type Opened = Extract<WorkerAnswer, { kind: "open" }>;

/**
 * Runs a model in a worker of its own, so that a run of any length leaves the event loop free. A hand-over costs about
 * 20 µs. A worker that ends unexpectedly fails the runs that it had; the next run starts a new one.
 */
export class WorkerRunner implements Runner {
  readonly place = "worker";
  readonly inputShape: Shape;
  readonly outputs: readonly string[];
  /** Workers started again after one ended unexpectedly. */
  restarts = 0;
  readonly #source: ModelSource;
  readonly #entry: WorkerEntry;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #starting: Promise<Worker> | undefined;
  #next = 0;
  #closed = false;
  /** Told when no run is under way, while it is being closed. */
  #idle: (() => void) | undefined;

  /** @throws EdgeMlError EDGE_ML_MODEL_INVALID, EDGE_ML_ONNXRUNTIME */
  static async open(source: ModelSource, entry: WorkerEntry = ENTRY): Promise<WorkerRunner> {
    const { worker, opened } = await start(source, entry);
    return new WorkerRunner(source, entry, worker, opened);
  }

  private constructor(source: ModelSource, entry: WorkerEntry, worker: Worker, opened: Opened) {
    this.#source = source;
    this.#entry = entry;
    this.inputShape = opened.inputShape;
    this.outputs = opened.outputs;
    this.#adopt(worker);
  }

  async run(rows: Float32Array, count: number, frameShape?: readonly number[], more?: MoreInputs): Promise<RunOutput> {
    if (this.#closed) throw this.#failed("it is closed");
    const worker = this.#worker ?? (await this.#restart());
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      if (this.#pending.size === 0) worker.ref();
      this.#pending.set(id, { resolve, reject });
      // A copy goes over, since the rows stay the caller's; the copy itself is not copied again.
      const copy = rows.slice();
      const request: RunRequest = { id, rows: copy, count };
      if (frameShape) request.frameShape = frameShape;
      if (more) request.more = more;
      worker.postMessage(request, [copy.buffer]);
    });
  }

  /**
   * Waits for the runs under way: to end a thread in the middle of a native run ends the whole process. A run that hangs
   * fails after a while, and its worker ends when the run does.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const worker = this.#worker ?? (await this.#starting?.catch(() => undefined));
    if (!worker) return;
    const idle = new Promise<void>((done) => {
      this.#idle = done;
      if (this.#pending.size === 0) done();
    });
    const ended = idle.then(() => {
      this.#worker = undefined;
      return worker.terminate();
    });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => {
      timer = setTimeout(done, CLOSE_MS);
    });
    await Promise.race([ended, patience]);
    clearTimeout(timer);
    // They stay in the list: the worker may not end before they have.
    for (const { reject } of this.#pending.values()) reject(this.#failed("it was closed"));
    if (this.#pending.size > 0) worker.unref();
  }

  async #restart(): Promise<Worker> {
    this.#starting ??= start(this.#source, this.#entry)
      .then(({ worker }) => {
        this.restarts++;
        this.#adopt(worker);
        return worker;
      })
      .finally(() => {
        this.#starting = undefined;
      });
    const worker = await this.#starting;
    if (this.#closed) throw this.#failed("it is closed");
    return worker;
  }

  #adopt(worker: Worker): void {
    this.#worker = worker;
    // An idle model does not keep the process alive.
    worker.unref();
    worker.on("message", (answer: WorkerAnswer) => {
      if (answer.kind !== "done" && answer.kind !== "failed") return;
      const pending = this.#pending.get(answer.id);
      this.#pending.delete(answer.id);
      if (this.#pending.size === 0) {
        worker.unref();
        this.#idle?.();
      }
      if (answer.kind === "done") pending?.resolve({ outputs: answer.outputs, ms: answer.ms });
      else pending?.reject(thrown(answer.error));
    });
    const lost = (reason: string) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#failAll(reason);
    };
    worker.on("error", (error) => lost(`its worker failed (${error.message}); a new one is started`));
    worker.on("exit", (code) => lost(`its worker ended with code ${code}; a new one is started`));
  }

  #failAll(reason: string): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of all) reject(this.#failed(reason));
    this.#idle?.();
  }

  #failed(reason: string): EdgeMlError {
    return new EdgeMlError("EDGE_ML_MODEL_RUN", { name: this.#source.name, reason });
  }
}

function start(source: ModelSource, entry: WorkerEntry): Promise<{ worker: Worker; opened: Opened }> {
  const options: WorkerOptions = { workerData: source, name: "edge-ml model" };
  if (entry.execArgv) options.execArgv = entry.execArgv;
  const worker = new Worker(entry.file, options);
  return new Promise((resolve, reject) => {
    const settle = (error?: EdgeMlError) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      if (error === undefined) return;
      // A late event of a worker that is given up must not end the process.
      worker.on("error", () => undefined);
      worker.terminate().then(
        () => reject(error),
        () => reject(error),
      );
    };
    const broken = (reason: string, cause?: unknown) =>
      new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: source.name, reason }, { cause });
    const onMessage = (answer: WorkerAnswer) => {
      if (answer.kind === "refused") return settle(thrown(answer.error));
      settle();
      resolve({ worker, opened: answer as Opened });
    };
    const onError = (error: Error) => settle(broken(`loading it ended the worker (${error.message})`, error));
    const onExit = (code: number) => settle(broken(`loading it ended the worker with code ${code}`));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
  });
}

function thrown({ code, details }: PlainError): EdgeMlError {
  return new EdgeMlError(code, details);
}
