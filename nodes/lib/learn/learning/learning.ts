import { EventEmitter } from "node:events";
import { EdgeMlError } from "../../errors/index.js";
import type { Frame } from "../../frame/index.js";
import type { Manifest, ModelStore, StoredModel } from "../../model/index.js";
import { MIN_FRAMES } from "../collect/collection.js";
import type { SavedRecording } from "../collect/recording.js";
import type { LearnTask } from "../learners/index.js";
import { type StartTraining, startTraining } from "../training/training-job.js";
import { isEnough, type Progress, progressOf } from "./enough.js";
import { Intake } from "./intake.js";
import type { LabelCommand, LearningCommand } from "./learn-command.js";
import { type LearningSettings, ruleKey, settingsKey } from "./learning-settings.js";
import { resume } from "./resume.js";
import { type SavedState, StateOnDisk } from "./saved-state.js";
import { Schedule } from "./schedule.js";
import { Trainer } from "./trainer.js";
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
  readonly #intake: Intake;
  readonly #trainer: Trainer;
  readonly #schedule: Schedule | undefined;
  readonly #disk: StateOnDisk;
  /** Settles when what was saved is read. */
  readonly ready: Promise<void>;

  phase: LearningPhase = "idle";
  /** Of the running training, 0..1. */
  share = 0;
  /** The version learned last. */
  version: string | undefined;
  /** What went wrong last, until something goes well. */
  problem: EdgeMlError | undefined;
  /** Frames that the last successful training had. */
  #trained = 0;
  #training: Promise<void> | undefined;
  /** Cancels the running training. */
  #cancellation = new AbortController();
  #closed = false;

  constructor({ settings, base, store, train = startTraining }: LearningOptions) {
    super();
    const onError = (error: EdgeMlError) => this.emit("problem", error);
    this.#settings = settings;
    this.#intake = new Intake({ settings, base, onError, onRecorded: (ended) => this.#recorded(ended) });
    this.#trainer = new Trainer(store, train);
    this.#disk = new StateOnDisk(`${base}.json`, onError);
    const { again } = settings;
    if (again?.by === "time") this.#schedule = new Schedule(again.every, () => this.#itIsTime());
    this.ready = this.#open();
  }

  get task(): LearnTask {
    return this.#settings.task;
  }

  get collected(): number {
    return this.#intake.collection.count;
  }

  /** Frames not learned from, by the reason. */
  get skipped(): Readonly<{ bad: number; label: number }> {
    return this.#intake.skipped;
  }

  /** Frames of each class, in the order in which the classes came; of a class model. */
  get counts(): { label: string; count: number }[] {
    return this.#intake.collection.counts;
  }

  /** Frames of each label that is known not to be normal: they test the model, which does not learn from them. */
  get abnormal(): { label: string; count: number }[] {
    return this.#intake.collection.apart;
  }

  /** Frames that came but did not fit. */
  get dropped(): number {
    return this.#intake.collection.dropped;
  }

  /** The label that is being given to the frames that come. */
  get recording(): Readonly<SavedRecording> | undefined {
    return this.#intake.recording.current;
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
    const { phase } = this;
    const isCollecting =
      phase === "collecting" || phase === "failed" || (phase === "training" && !!this.#settings.again);
    const taken = this.#intake.take(frame, isCollecting);
    if (taken === undefined) return;
    this.emit("change");
    if (taken === "taken") this.#trainWhenEnough();
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
      this.#intake.recording.end();
      if (this.phase === "learned") this.emit("change");
      else this.#enter("idle");
    } else {
      this.#cancel();
      this.#intake.recording.end();
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
    if (this.phase === "learned" && this.#intake.fresh === 0) return;
    return this.command("train");
  }

  /** @param removed the learning is no longer wanted: its files go */
  async close(removed: boolean): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.ready;
    if (removed) {
      await this.#disk.flush();
      await this.#intake.collection.clear();
      await this.#disk.remove();
    } else {
      this.#save();
      await this.#intake.collection.flush();
      await this.#disk.flush();
    }
    this.#intake.recording.end();
    this.#schedule?.stop();
    this.removeAllListeners();
    // A thread that is in native code ends when it comes out: were the process to end before, it would crash.
    await this.#trainer.ended();
  }

  async #open(): Promise<void> {
    const saved = await this.#disk.read();
    const { phase, isOtherRule, version, fresh, trained } = resume(saved, this.#settings);
    if (isOtherRule) await this.#intake.collection.clear();
    this.version = version;
    this.#trained = trained;
    this.#intake.fresh = fresh;
    if (phase !== "learned") await this.#intake.collection.load();
    this.phase = phase;
    const recording = saved?.recording;
    if (recording && phase !== "learned" && phase !== "idle") {
      if ((recording.until ?? Number.POSITIVE_INFINITY) > Date.now()) this.#intake.recording.begin(recording);
      // It ended while nobody looked.
      else if (recording.before) this.#goBack(recording.before);
    }
    if (trained > 0) this.#schedule?.resume(saved?.next);
    this.emit("change");
    this.#trainWhenEnough();
  }

  async #forget(): Promise<void> {
    this.#trained = 0;
    this.problem = undefined;
    this.#schedule?.stop();
    await this.#intake.forget();
  }

  /** Frames that come get a label from now on. That is a wish to collect them, also after a model was learned. */
  async #label({ label, ...limits }: LabelCommand): Promise<void> {
    if (label === null) {
      const ended = this.#intake.recording.end();
      if (ended) this.#recorded(ended);
      return;
    }
    await this.#intake.collection.load();
    if (this.#closed) return;
    const { phase } = this;
    const before = phase === "idle" || phase === "learned" ? phase : undefined;
    this.#intake.label({ label, ...limits }, before);
    this.#enter(before === undefined ? phase : "collecting");
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
    if (phase === "learned") this.#intake.collection.release();
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
      ...this.#intake.found,
      phase: this.phase,
      trained: this.#trained,
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
    await this.#intake.collection.load();
    if (this.#closed) return;
    if (this.#training) return this.#training;
    if (this.collected < MIN_FRAMES) {
      const got = this.collected;
      if (this.phase === "learned") this.#intake.collection.release();
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
    const { amount, again } = this.#settings;
    this.#cancellation = new AbortController();
    const { signal } = this.#cancellation;
    const within = again && "duration" in amount ? amount.duration : undefined;
    const frames = this.#intake.collection.batch(within);
    const abnormal = this.abnormal;
    const rows = frames.rows - abnormal.reduce((sum, { count }) => sum + count, 0);
    this.#intake.fresh = 0;
    this.share = 0;
    this.problem = undefined;
    this.#schedule?.begin();
    this.#enter("training");
    try {
      const labels = abnormal.map(({ label }) => label);
      const request = trainingRequest(this.#settings, this.#intake.collection.common!, frames, labels);
      const learned = await this.#trainer.train(request, signal, (share) => {
        this.share = share;
        this.emit("change");
      });
      if (!learned || signal.aborted) return;
      this.version = learned.stored.version;
      this.#trained = rows;
      if (again) this.#enter("collecting");
      else {
        this.#intake.recording.end();
        this.#enter("learned");
        this.#intake.collection.release();
      }
      this.emit("learned", learned.stored, learned.manifest);
    } catch (error) {
      if (signal.aborted) return;
      this.problem = EdgeMlError.from(error);
      this.#enter("failed");
      throw this.problem;
    }
  }

  #cancel(): void {
    if (!this.#training) return;
    this.#training = undefined;
    this.#cancellation.abort();
  }

  #enter(phase: LearningPhase): void {
    this.phase = phase;
    this.#save();
    this.emit("change");
  }

  #save(): void {
    const next = this.#schedule?.next;
    const recording = this.#intake.recording.current;
    this.#disk.write({
      format: 1,
      // A training that a restart cuts off begins again: there are enough frames.
      state: this.phase === "training" ? "collecting" : this.phase,
      settings: settingsKey(this.#settings),
      start: this.#settings.start,
      rule: ruleKey(this.#settings),
      ...(this.version === undefined ? {} : { version: this.version }),
      fresh: this.#intake.fresh,
      trained: this.#trained,
      ...(next === undefined ? {} : { next }),
      ...(recording === undefined ? {} : { recording: { ...recording } }),
    });
  }
}
