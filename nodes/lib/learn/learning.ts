import { EventEmitter } from "node:events";
import { EdgeMlError } from "../errors/index.js";
import type { Frame } from "../frame/index.js";
import { type Manifest, type ModelStore, type StoredModel, withManifest } from "../model/index.js";
import { Collection, MAX_FRAMES, MIN_FRAMES } from "./collect/collection.js";
import { featureNames } from "./collect/features.js";
import { normalFrames } from "./collect/normal.js";
import { type LearningCommand, type LearningSettings, ruleKey, settingsKey } from "./learning-settings.js";
import { readState, removeState, type SavedState, writeState } from "./learning-state.js";
import { type StartTraining, startTraining, type TrainingJob } from "./training/training-job.js";

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
 * Collects normal frames until there are enough, trains in a worker thread, and saves the model. Survives a restart:
 * what is collected is in a journal, and what was learned is not learned again unless the settings changed.
 */
export class Learning extends EventEmitter<LearningEvents> {
  readonly #settings: LearningSettings;
  readonly #store: Pick<ModelStore, "save">;
  readonly #start: StartTraining;
  readonly #unfit: ReturnType<typeof normalFrames>;
  readonly #collection: Collection;
  readonly #statePath: string;
  /** Settles when what was saved is read. */
  readonly ready: Promise<void>;

  phase: LearningPhase = "idle";
  /** Of the running training, 0..1. */
  share = 0;
  /** The version learned last. */
  version: string | undefined;
  /** Frames not learned from, by the reason. */
  readonly skipped = { bad: 0, label: 0 };
  /** Good frames since the last attempt to train. */
  #fresh = 0;
  /** Frames that the last successful training had. */
  #trained = 0;
  #job: TrainingJob | undefined;
  #training: Promise<void> | undefined;
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
    this.#unfit = normalFrames(settings.normal);
    this.#statePath = `${base}.json`;
    this.#collection = new Collection({
      base,
      latest: settings.again ? ("frames" in settings.amount ? settings.amount.frames : MAX_FRAMES) : undefined,
      onError: (error) => this.emit("problem", error),
    });
    this.ready = this.#open();
  }

  get collected(): number {
    return this.#collection.count;
  }

  /** Frames that came but did not fit. */
  get dropped(): number {
    return this.#collection.dropped;
  }

  /** Frames to the next training, when they are counted: how many there are, and how many it takes. */
  get progress(): { frames: number; of: number } | { left: number } {
    const { amount } = this.#settings;
    if (this.phase !== "failed" && this.#again) return { frames: this.#fresh, of: this.#trained };
    if ("frames" in amount) return { frames: this.collected, of: Math.min(amount.frames, this.#collection.limit) };
    return { left: Math.max(0, amount.duration - this.#collection.span) };
  }

  /**
   * Takes a frame, if it is collecting and the frame is good and normal. After `ready`.
   * @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH when it is not like the frames before it; EDGE_ML_TOO_LARGE
   */
  add(frame: Frame): void {
    const collecting = this.phase === "collecting" || this.phase === "failed";
    if (!collecting && !(this.phase === "training" && this.#settings.again)) return;
    const unfit = this.#unfit(frame);
    if (unfit) {
      this.skipped[unfit]++;
      this.emit("change");
      return;
    }
    this.#collection.add(frame, this.#settings.model);
    this.#fresh++;
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
    if (command === "train") return this.#trainNow();
    if (command === "start") {
      if (this.phase === "learned") await this.#forget();
      if (this.phase !== "training") this.#enter("collecting");
      this.#trainWhenEnough();
    } else if (command === "stop") {
      this.#cancel();
      if (this.phase !== "learned") this.#enter("idle");
    } else {
      this.#cancel();
      this.phase = "idle";
      await this.#forget();
      this.#enter(this.#settings.start === "once" ? "collecting" : "idle");
    }
  }

  /** @param removed the learning is no longer wanted: its files go */
  async close(removed: boolean): Promise<void> {
    this.#closed = true;
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
    this.removeAllListeners();
  }

  async #open(): Promise<void> {
    const saved = await readState(this.#statePath);
    const { start, again } = this.#settings;
    let phase = saved?.state ?? (start === "once" ? "collecting" : "idle");
    if (saved && saved.rule !== ruleKey(this.#settings)) await this.#collection.clear();
    if (saved && saved.settings !== settingsKey(this.#settings) && (phase === "learned" || phase === "failed")) {
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
    this.emit("change");
    this.#trainWhenEnough();
  }

  async #forget(): Promise<void> {
    this.#fresh = 0;
    this.#trained = 0;
    this.skipped.bad = 0;
    this.skipped.label = 0;
    await this.#collection.clear();
  }

  /** Whether this is a later round of learning again and again. */
  get #again(): boolean {
    return this.#settings.again && this.#trained > 0;
  }

  #trainWhenEnough(): void {
    if (this.#closed || (this.phase !== "collecting" && this.phase !== "failed") || !this.#enough()) return;
    this.#train().catch((error: unknown) => this.emit("problem", EdgeMlError.from(error)));
  }

  #enough(): boolean {
    const { amount } = this.#settings;
    if (this.collected < MIN_FRAMES) return false;
    // After a failure the same frames would fail again: a tenth more may not.
    if (this.phase === "failed" && this.#fresh < Math.max(MIN_FRAMES, this.collected / 10)) return false;
    if (this.phase !== "failed" && this.#again) return this.#fresh >= this.#trained;
    if ("frames" in amount) return this.collected >= Math.min(amount.frames, this.#collection.limit);
    return this.#collection.span >= amount.duration;
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
    const { model, method, options, holdOut, falseAlarmsPerDay, madeBy, amount, again } = this.#settings;
    const round = ++this.#round;
    const within = again && "duration" in amount ? amount.duration : undefined;
    const frames = this.#collection.batch(within);
    const { rows } = frames;
    this.#fresh = 0;
    this.share = 0;
    this.#enter("training");
    try {
      const common = this.#collection.common!;
      const { names, channels } = featureNames({ ...common, names: common.frameNames });
      this.#job = this.#start(
        {
          model,
          task: "anomaly",
          method,
          options,
          holdOut,
          holdOutBy: "time",
          folds: 0,
          falseAlarmsPerDay,
          limits: { seconds: 3600, megabytes: 1024 },
          names,
          channels,
          recipe: common.recipe,
          frames,
          seed: SEED,
          madeBy,
        },
        (share) => {
          this.share = share;
          this.emit("change");
        },
      );
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
      this.#enter(again ? "collecting" : "learned");
      if (!again) this.#collection.release();
      this.emit("learned", stored, manifest);
    } catch (error) {
      if (round !== this.#round) return;
      this.#enter("failed");
      throw EdgeMlError.from(error);
    } finally {
      if (round === this.#round) this.#job = undefined;
    }
  }

  #cancel(): void {
    if (!this.#job) return;
    this.#round++;
    this.#job.cancel();
    this.#job = undefined;
    this.#training = undefined;
  }

  #enter(phase: LearningPhase): void {
    this.phase = phase;
    this.#save();
    this.emit("change");
  }

  #save(): void {
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

/** The same frames and settings give the same model. */
const SEED = 1;
