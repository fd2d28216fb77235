import { EventEmitter } from "node:events";
import { EdgeMlError } from "../errors/index.js";
import type { Frame } from "../frame/index.js";
import { type Manifest, type ModelStore, type StoredModel, withManifest } from "../model/index.js";
import { Collection, MIN_FRAMES } from "./collect/collection.js";
import { fittingLabels, isGood } from "./collect/fitting.js";
import { Recording, type SavedRecording } from "./collect/recording.js";
import { isEnough, type Progress, progressOf } from "./enough.js";
import type { LabelCommand, LearningCommand } from "./learn-command.js";
import type { LearnTask } from "./learners/index.js";
import { keepOf, type LearningSettings, ruleKey, sameSettings, settingsKey } from "./learning-settings.js";
import { readState, removeState, type SavedState, writeState } from "./learning-state.js";
import { Schedule } from "./schedule.js";
import { type StartTraining, startTraining, type TrainingJob } from "./training/training-job.js";
import { trainingRequest } from "./training-request.js";

export interface LearningOptions {
  settings: LearningSettings;
  /** Files are called `<base>.json` and `<base>.<number>.frames`. */
  base: string;
  store: Pick<ModelStore, "save">;
  /** Another way to train, for tests. */
  train?: StartTraining;
}

export type LearningPhase = SavedState["state"] | "training";

interface LearningEvents {
  /** Something that the status shows is different. */
  change: [];
  learned: [model: StoredModel, manifest: Manifest];
  /** Something failed that no command caused. */
  problem: [error: EdgeMlError];
}

/**
 * Collects frames until there are enough, trains in a worker thread, and saves the model. Survives a restart: what is
 * collected is in a journal, and what was learned is not learned again unless the settings changed, or it is time to.
 */
export class Learning extends EventEmitter<LearningEvents> {
  readonly #settings: LearningSettings;
  readonly #store: Pick<ModelStore, "save">;
  readonly #start: StartTraining;
  readonly #fitting: ReturnType<typeof fittingLabels>;
  readonly #collection: Collection;
  readonly #recording: Recording;
  readonly #schedule: Schedule | undefined;
  readonly #statePath: string;
  /** Settles when what was saved is read. */
  readonly ready: Promise<void>;

  phase: LearningPhase = "idle";
  /** Of the running training, 0..1. */
  share = 0;
  /** The version learned last. */
  version: string | undefined;
  /** What went wrong last, until something goes well. */
  problem: EdgeMlError | undefined;
  /** Frames not learned from, by the reason. */
  readonly skipped = { bad: 0, label: 0 };
  /** Good frames since the last attempt to train. */
  #fresh = 0;
  /** Frames that the last successful training had. */
  #trained = 0;
  #job: TrainingJob | undefined;
  #training: Promise<void> | undefined;
  /** A cancelled job whose thread may still run. */
  #ending: Promise<unknown> | undefined;
  /** Raised when the running training no longer counts. */
  #round = 0;
  #closed = false;
  #saving: Promise<void> = Promise.resolve();
  /** The disk failed, which was told; told again only after it worked. */
  #unsaved = false;

  constructor({ settings, base, store, train = startTraining }: LearningOptions) {
    super();
    this.#settings = settings;
    this.#store = store;
    this.#start = train;
    this.#fitting = fittingLabels(settings);
    this.#statePath = `${base}.json`;
    this.#collection = new Collection({
      base,
      keep: keepOf(settings),
      onError: (error) => this.emit("problem", error),
    });
    this.#recording = new Recording((ended) => this.#recorded(ended));
    const { again } = settings;
    if (again?.by === "time") this.#schedule = new Schedule(again.every, () => this.#itIsTime());
    this.ready = this.#open();
  }

  get task(): LearnTask {
    return this.#settings.task;
  }

  get collected(): number {
    return this.#collection.count;
  }

  /** Frames of each class, in the order in which the classes came; of a class model. */
  get counts(): { label: string; count: number }[] {
    return this.#collection.counts;
  }

  /** Frames that came but did not fit. */
  get dropped(): number {
    return this.#collection.dropped;
  }

  /** The label that is being given to the frames that come. */
  get recording(): Readonly<SavedRecording> | undefined {
    return this.#recording.current;
  }

  /** When it learns again, in ms since 1970; undefined when that does not hang on the time. */
  get next(): number | undefined {
    return this.#schedule?.next;
  }

  /** How far it is to the next training. */
  get progress(): Progress {
    return progressOf(this.#settings, this.#found);
  }

  /**
   * Takes a frame, if it is collecting and the frame is good and has a fitting label. After `ready`.
   * @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH when it is not like the frames before it; EDGE_ML_TOO_LARGE
   */
  add(frame: Frame): void {
    const label = this.#recording.labelOf(frame.info);
    const collecting = this.phase === "collecting" || this.phase === "failed";
    if (!collecting && !(this.phase === "training" && this.#settings.again)) return;
    const fitting = isGood(frame) ? this.#fitting(label) : "bad";
    if (typeof fitting === "string") {
      this.skipped[fitting === "bad" ? "bad" : "label"]++;
      this.emit("change");
      return;
    }
    this.#collection.add(frame, fitting.label, this.#settings.model);
    this.#fresh++;
    if (label !== undefined && label === this.#recording.current?.label) this.#recording.taken();
    this.emit("change");
    this.#trainWhenEnough();
  }

  /**
   * Carries out a command; "train" is done when the model is saved.
   * @throws EdgeMlError EDGE_ML_LEARN_TOO_FEW and what training and saving throw
   */
  async command(command: LearningCommand): Promise<void> {
    await this.ready;
    if (this.#closed) return;
    if (typeof command === "object") return this.#label(command);
    if (command === "train") return this.#trainNow();
    if (command === "start") {
      if (this.phase === "learned") await this.#forget();
      if (this.phase !== "training") this.#enter("collecting");
      this.#trainWhenEnough();
    } else if (command === "stop") {
      this.#cancel();
      this.#recording.end();
      if (this.phase === "learned") this.emit("change");
      else this.#enter("idle");
    } else {
      this.#cancel();
      this.#recording.end();
      this.phase = "idle";
      await this.#forget();
      this.#enter(this.#settings.start === "once" ? "collecting" : "idle");
    }
  }

  /**
   * A recording that was played has ended: learns from what came since the last time, if anything did.
   * @throws as "train" does
   */
  async ended(): Promise<void> {
    await this.ready;
    if (this.#training) return this.#training;
    if (this.phase === "learned" && this.#fresh === 0) return;
    return this.command("train");
  }

  /** @param removed the learning is no longer wanted: its files go */
  async close(removed: boolean): Promise<void> {
    this.#closed = true;
    const job = this.#job;
    this.#cancel();
    await this.ready;
    if (removed) {
      await this.#saving;
      await this.#collection.clear();
      await removeState(this.#statePath);
    } else {
      this.#save();
      await this.#collection.flush();
      await this.#saving;
    }
    this.#recording.end();
    this.#schedule?.stop();
    this.removeAllListeners();
    // A thread that is in native code ends when it comes out: were the process to end before, it would crash.
    await job?.outcome.catch(() => undefined);
  }

  async #open(): Promise<void> {
    const saved = await readState(this.#statePath);
    const { start, again } = this.#settings;
    let phase = saved?.state ?? (start === "once" ? "collecting" : "idle");
    if (saved && saved.rule !== ruleKey(this.#settings)) await this.#collection.clear();
    if (saved && !sameSettings(saved.settings, this.#settings) && (phase === "learned" || phase === "failed")) {
      phase = start === "once" ? "collecting" : "idle";
    } else if (saved) {
      this.version = saved.version;
      this.#trained = saved.trained;
      this.#fresh = saved.fresh;
      if (phase === "idle" && start === "once" && saved.start === "command") phase = "collecting";
      if (phase === "learned" && again) phase = "collecting";
    }
    if (phase !== "learned") await this.#collection.load();
    this.phase = phase;
    const recording = saved?.recording;
    if (recording && phase !== "learned" && phase !== "idle") {
      if ((recording.until ?? Number.POSITIVE_INFINITY) > Date.now()) this.#recording.begin(recording);
      // It ended while nobody looked.
      else if (recording.before) this.#goBack(recording.before);
    }
    if (this.#trained > 0) this.#schedule?.resume(saved?.next);
    this.emit("change");
    this.#trainWhenEnough();
  }

  async #forget(): Promise<void> {
    this.#fresh = 0;
    this.#trained = 0;
    this.skipped.bad = 0;
    this.skipped.label = 0;
    this.problem = undefined;
    this.#schedule?.stop();
    await this.#collection.clear();
  }

  /** Frames that come get a label from now on. That is a wish to collect them, also after a model was learned. */
  async #label({ label, seconds, frames }: LabelCommand): Promise<void> {
    if (label === null) {
      const ended = this.#recording.end();
      if (ended) this.#recorded(ended);
      return;
    }
    await this.#collection.load();
    if (this.#closed) return;
    // One label after the other: what was before the first of them counts.
    const before =
      this.#recording.current?.before ?? (this.phase === "idle" || this.phase === "learned" ? this.phase : undefined);
    this.#recording.begin({
      label,
      ...(seconds === undefined ? {} : { until: Date.now() + seconds * 1000 }),
      ...(frames === undefined ? {} : { frames }),
      ...(before === undefined ? {} : { before }),
    });
    if (this.phase === "idle" || this.phase === "learned") this.phase = "collecting";
    this.#enter(this.phase);
  }

  /** A label that was being given has ended: then it learns, or goes back to what it did before. */
  #recorded({ before }: SavedRecording): void {
    if (this.#closed) return;
    this.#trainWhenEnough();
    if (before !== undefined && this.phase === "collecting") this.#goBack(before);
    this.#enter(this.phase);
  }

  #goBack(phase: "idle" | "learned"): void {
    this.phase = phase;
    if (phase === "learned") this.#collection.release();
  }

  #itIsTime(): void {
    if (this.#closed) return;
    const before = this.#training;
    this.#trainWhenEnough();
    // There is nothing new to learn from, or it does not collect, or it is still training.
    if (this.#training === before) this.#schedule!.begin();
    this.#save();
  }

  get #found() {
    return {
      phase: this.phase,
      collected: this.collected,
      limit: this.#collection.limit,
      span: this.#collection.span,
      counts: this.counts,
      fresh: this.#fresh,
      trained: this.#trained,
      recording: this.#recording.current,
      isDue: this.#schedule?.isDue ?? false,
    };
  }

  #trainWhenEnough(): void {
    if (this.#closed || (this.phase !== "collecting" && this.phase !== "failed")) return;
    if (!isEnough(this.#settings, this.#found)) return;
    this.#train().catch((error: unknown) => this.emit("problem", EdgeMlError.from(error)));
  }

  async #trainNow(): Promise<void> {
    if (this.#training) return this.#training;
    await this.#collection.load();
    if (this.#closed) return;
    if (this.#training) return this.#training;
    if (this.collected < MIN_FRAMES) {
      const got = this.collected;
      if (this.phase === "learned") this.#collection.release();
      throw new EdgeMlError("EDGE_ML_LEARN_TOO_FEW", { got, expected: MIN_FRAMES });
    }
    return this.#train();
  }

  #train(): Promise<void> {
    const training = this.#trainOnce().finally(() => {
      if (this.#training === training) this.#training = undefined;
    });
    this.#training = training;
    return training;
  }

  async #trainOnce(): Promise<void> {
    const { model, amount, again } = this.#settings;
    const round = ++this.#round;
    const within = again && "duration" in amount ? amount.duration : undefined;
    const frames = this.#collection.batch(within);
    const { rows } = frames;
    this.#fresh = 0;
    this.share = 0;
    this.problem = undefined;
    this.#schedule?.begin();
    this.#enter("training");
    try {
      // Two threads at once could take more memory than there is.
      if (this.#ending) await this.#ending;
      if (round !== this.#round) return;
      this.#job = this.#start(trainingRequest(this.#settings, this.#collection.common!, frames), (share) => {
        this.share = share;
        this.emit("change");
      });
      const outcome = await this.#job.outcome;
      if (!outcome || round !== this.#round) return;
      let manifest = outcome.manifest;
      const stored = await this.#store.save(model, (version) => {
        manifest = { ...manifest, version };
        return withManifest(outcome.bytes, manifest);
      });
      if (round !== this.#round) return;
      this.version = stored.version;
      this.#trained = rows;
      if (again) this.#enter("collecting");
      else {
        this.#recording.end();
        this.#enter("learned");
        this.#collection.release();
      }
      this.emit("learned", stored, manifest);
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = EdgeMlError.from(error);
      this.#enter("failed");
      throw this.problem;
    } finally {
      if (round === this.#round) this.#job = undefined;
    }
  }

  #cancel(): void {
    if (!this.#training) return;
    this.#round++;
    this.#training = undefined;
    const job = this.#job;
    this.#job = undefined;
    if (!job) return;
    job.cancel();
    const ending = job.outcome
      .catch(() => undefined)
      .then(() => {
        if (this.#ending === ending) this.#ending = undefined;
      });
    this.#ending = ending;
  }

  #enter(phase: LearningPhase): void {
    this.phase = phase;
    this.#save();
    this.emit("change");
  }

  #save(): void {
    const next = this.#schedule?.next;
    const recording = this.#recording.current;
    const state: SavedState = {
      format: 1,
      // A training that a restart cuts off begins again: there are enough frames.
      state: this.phase === "training" ? "collecting" : this.phase,
      settings: settingsKey(this.#settings),
      start: this.#settings.start,
      rule: ruleKey(this.#settings),
      ...(this.version === undefined ? {} : { version: this.version }),
      fresh: this.#fresh,
      trained: this.#trained,
      ...(next === undefined ? {} : { next }),
      ...(recording === undefined ? {} : { recording: { ...recording } }),
    };
    this.#saving = this.#saving
      .then(() => writeState(this.#statePath, state))
      .then(() => {
        this.#unsaved = false;
      })
      .catch((error: unknown) => {
        if (this.#unsaved) return;
        this.#unsaved = true;
        const reason = error instanceof Error ? error.message : String(error);
        this.emit("problem", new EdgeMlError("EDGE_ML_LEARN_DISK", { action: "write", path: this.#statePath, reason }));
      });
  }
}
