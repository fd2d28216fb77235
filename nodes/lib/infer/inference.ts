import { EdgeMlError } from "../errors/index.js";
import type { Frame, ModelReference, Result } from "../frame/index.js";
import type { Spread } from "./durations.js";
import { badQuality } from "./frame-check.js";
import { FrameQueue } from "./frame-queue.js";
import type { LoadedModel } from "./load-model.js";
import { type MessageOfInputs, type MoreInputs, readMoreInputs } from "./more-inputs.js";
import { RecentFrames } from "./recent-frames.js";
import { type Rehearsal, rehearse } from "./rehearsal.js";
import type { OutputTensor } from "./runner.js";
import { type InferenceCounts, type InferenceStatistics, Meter } from "./statistics.js";

export interface InferenceSettings {
  /** Frames that may wait for the model. */
  limit: number;
  /** What gives way when they are more: the frame that waited longest, or the one that comes. */
  policy: "oldest" | "refuse";
}

/** The result of a frame, and which model it is of. */
export interface Outcome {
  result: Result;
  model: ModelReference;
  /** The layer of the network that goes on. */
  embedding?: Frame;
}

interface Job {
  frame: Frame;
  /** When it came: performance.now(). */
  since: number;
  /** What the frame came in. */
  message: MessageOfInputs | undefined;
  /** Of a model with several inputs, for its run. */
  more?: MoreInputs;
  resolve(outcome: Outcome | undefined): void;
  reject(error: EdgeMlError): void;
}

/** Frames for one run. */
interface Batch {
  entries: Entry[];
  /** How many of them run. */
  rows: number;
  /** The first that runs. */
  first: Job | undefined;
}

/** What became of a job before the model ran: its row in the batch, or its end. */
interface Entry {
  job: Job;
  row: number;
  end?: Outcome | EdgeMlError;
}

/** How long close() waits for a run that is under way. */
const CLOSE_MS = 5000;

/**
 * Runs frames through a model: one run at a time, results in the order of the frames, a bounded number waiting. Frames
 * that wait together go into one run when the model allows it. The model can be exchanged at any time: the run under way
 * ends on the old one, the next begins on the new one, and no frame is lost.
 */
export class Inference {
  readonly counts: InferenceCounts = { scored: 0, bad: 0, failed: 0, dropped: 0, unserved: 0 };
  readonly #settings: InferenceSettings;
  readonly #meter = new Meter();
  readonly #recent = new RecentFrames();
  readonly #queue = new FrameQueue<Job>();
  #model: LoadedModel | undefined;
  /** The model of the run that is under way. */
  #running: LoadedModel | undefined;
  /** A model is being loaded: frames wait for it. */
  #expecting = false;
  /** The most frames that waited at once. */
  #longest = 0;
  readonly #rehearsals = new WeakMap<LoadedModel, Rehearsal>();
  #change: Rehearsal | undefined;
  #closed = false;
  #idle: (() => void) | undefined;

  constructor(settings: InferenceSettings) {
    this.#settings = settings;
  }

  /** The model in use. */
  get model(): LoadedModel | undefined {
    return this.#model;
  }

  /** Frames that wait for their run. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** How far the model in use agreed with the one before it; undefined when there was nothing to compare. */
  get change(): Rehearsal | undefined {
    return this.#change;
  }

  /** ms from a frame's arrival to its result. */
  get latency(): Spread | undefined {
    return this.#meter.latency;
  }

  /** How the model is being served. */
  get statistics(): InferenceStatistics {
    const { latency, run, runs } = this.#meter;
    return {
      kind: "statistics",
      ...(this.#model ? { model: { ...this.#model.reference, place: this.#model.runner.place } } : {}),
      frames: { ...this.counts },
      runs,
      queue: { waiting: this.#queue.length, longest: this.#longest, limit: this.#settings.limit },
      ...(latency ? { latency } : {}),
      ...(run ? { run } : {}),
      ...(this.#change ? { change: this.#change } : {}),
    };
  }

  /** While a model is being loaded, and none is in use yet, frames wait instead of passing without a result. */
  set expecting(value: boolean) {
    this.#expecting = value;
    this.#pump();
  }

  /**
   * Tries a model on recent frames, beside the one in use, which goes on. Closes it when it is refused.
   * @returns the same model, for use()
   * @throws EdgeMlError EDGE_ML_MODEL_INVALID when it has no result for a frame that the model in use has one for
   */
  async rehearse(next: LoadedModel): Promise<LoadedModel> {
    const frames = this.#recent.list();
    const running = this.#model && computedHere(this.#model);
    const beside = computedHere(next);
    if (!running || !beside || frames.length === 0) return next;
    try {
      this.#rehearsals.set(next, await rehearse(frames, running, beside));
      return next;
    } catch (error) {
      await next.runner.close();
      throw error;
    }
  }

  /** Takes a model into use and closes the one before it when its run has ended. */
  use(model: LoadedModel): void {
    const before = this.#model;
    if (this.#closed) {
      retire(model);
      return;
    }
    this.#model = model;
    this.#change = this.#rehearsals.get(model);
    this.#meter.restart();
    if (before && before !== this.#running) retire(before);
    this.#pump();
  }

  /**
   * The result of a frame; undefined when it gets none: no model yet, dropped for newer ones, or closed.
   * @param message the one it came in: a model with several inputs finds the others there
   * @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH, EDGE_ML_PAYLOAD, EDGE_ML_MODEL_RUN, EDGE_ML_QUEUE_FULL
   */
  infer(frame: Frame, message?: MessageOfInputs): Promise<Outcome | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    if (this.#queue.length >= this.#settings.limit) {
      this.counts.dropped++;
      if (this.#settings.policy === "refuse") {
        const details = { got: this.#queue.length, expected: this.#settings.limit };
        return Promise.reject(new EdgeMlError("EDGE_ML_QUEUE_FULL", details));
      }
      this.#queue.take()?.resolve(undefined);
    }
    return new Promise((resolve, reject) => {
      const job: Job = { frame, message, since: performance.now(), resolve, reject };
      if (this.#model && !this.#running && this.#queue.length === 0) {
        this.#runAlone(this.#model, job);
        return;
      }
      this.#queue.add(job);
      if (this.#queue.length > this.#longest) this.#longest = this.#queue.length;
      this.#pump();
    });
  }

  /** Frames that wait end without a result; the run under way ends, and its results are given. */
  async close(): Promise<void> {
    this.#closed = true;
    for (let job = this.#queue.take(); job; job = this.#queue.take()) job.resolve(undefined);
    if (this.#running) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        this.#idle = done;
        timer = setTimeout(done, CLOSE_MS);
      });
      clearTimeout(timer);
    }
    const model = this.#model;
    this.#model = undefined;
    await model?.runner.close();
  }

  #pump(): void {
    while (!this.#running && this.#queue.length > 0) {
      const model = this.#model;
      if (!model) {
        if (this.#expecting) return;
        this.counts.unserved++;
        this.#queue.take()!.resolve(undefined);
        continue;
      }
      const batch = this.#nextBatch(model);
      if (batch.rows === 0) {
        for (const { job, end } of batch.entries) this.#settle(job, end!);
      } else {
        this.#running = model;
        this.#run(model, batch).then(
          () => this.#ended(model),
          () => this.#ended(model),
        );
      }
    }
  }

  /**
   * A frame that finds nobody before it, as nearly all do in a plant: no queue, no batch, and one promise between the
   * session and the caller, which together cost more than checking the frame and making its result.
   */
  #runAlone(model: LoadedModel, job: Job): void {
    const { data, info } = job.frame;
    const end = this.#examine(job, model);
    if (end) {
      this.#settle(job, end);
      return;
    }
    this.#running = model;
    model.runner.run(data, 1, info.shape, job.more).then(
      ({ outputs, ms }) => {
        this.#meter.ran(1, ms);
        // Settled before the next run begins: the order of the frames stays.
        this.#settle(job, this.#interpret(job, outputs, 0, 1, model));
        this.#ended(model);
      },
      (error: unknown) => {
        this.#settle(job, EdgeMlError.from(error));
        this.#ended(model);
      },
    );
  }

  /** Frames for one run: those that cannot run keep their place among them, so that the order stays. */
  #nextBatch(model: LoadedModel): Batch {
    const batch: Batch = { entries: [], rows: 0, first: undefined };
    // Also frames that need no run are taken in portions.
    while (batch.rows < model.maxBatch && batch.entries.length < 2 * model.maxBatch + 16) {
      const job = this.#queue.take();
      if (!job) break;
      const end = this.#examine(job, model);
      if (!end) batch.first ??= job;
      batch.entries.push(end ? { job, row: -1, end } : { job, row: batch.rows++ });
    }
    return batch;
  }

  #examine(job: Job, model: LoadedModel): Outcome | EdgeMlError | undefined {
    const { frame } = job;
    const quality = badQuality(frame);
    if (quality) {
      const outcome: Outcome = { result: { kind: model.task, score: null, quality }, model: { ...model.reference } };
      if (model.embedding) outcome.embedding = model.embedding.badFrame(frame.info, quality);
      return outcome;
    }
    try {
      model.check.check(frame);
      if (model.moreInputs.length > 0) job.more = readMoreInputs(job.message ?? {}, model.moreInputs);
      return undefined;
    } catch (error) {
      return EdgeMlError.from(error);
    }
  }

  async #run(model: LoadedModel, { entries, rows, first }: Batch): Promise<void> {
    const { runner } = model;
    const { info } = first!.frame;
    let { data } = first!.frame;
    if (rows > 1) {
      const { length } = data;
      data = new Float32Array(rows * length);
      for (const { job, row } of entries) if (row >= 0) data.set(job.frame.data, row * length);
    }
    try {
      const { outputs, ms } = await runner.run(data, rows, info.shape, first!.more);
      this.#meter.ran(rows, ms);
      for (const { job, row, end } of entries) {
        this.#settle(job, end ?? this.#interpret(job, outputs, row, rows, model));
      }
    } catch (error) {
      const failure = EdgeMlError.from(error);
      for (const entry of entries) {
        if (rows === 1 || entry.end) this.#settle(entry.job, entry.end ?? failure);
        // One frame may have failed the others.
        else await this.#run(model, { entries: [{ ...entry, row: 0 }], rows: 1, first: entry.job });
      }
    }
  }

  #interpret(
    { frame }: Job,
    outputs: readonly OutputTensor[],
    row: number,
    rows: number,
    { interpreter, reference, embedding }: LoadedModel,
  ): Outcome | EdgeMlError {
    try {
      const outcome: Outcome = { result: interpreter.result(outputs, row, rows), model: { ...reference } };
      if (embedding) outcome.embedding = embedding.frame(frame.info, outputs, row, rows);
      return outcome;
    } catch (error) {
      return EdgeMlError.from(error);
    }
  }

  #settle(job: Job, end: Outcome | EdgeMlError): void {
    if (end instanceof EdgeMlError) {
      this.counts.failed++;
      job.reject(end);
      return;
    }
    if ("score" in end.result && end.result.score === null) this.counts.bad++;
    else {
      this.counts.scored++;
      this.#meter.served(performance.now() - job.since);
      this.#recent.add(job.frame, job.more);
    }
    job.resolve(end);
  }

  #ended(model: LoadedModel): void {
    this.#running = undefined;
    if (model !== this.#model) retire(model);
    this.#idle?.();
    this.#pump();
  }
}

/** A server computes the same before a change of version and after it: only what runs on this machine can differ. */
function computedHere(model: LoadedModel): LoadedModel | undefined {
  return model.runner.place === "server" ? model.local : model;
}

function retire(model: LoadedModel): void {
  // Nobody waits for a model that is out of use.
  model.runner.close().catch(() => undefined);
}
