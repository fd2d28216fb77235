import { type Manifest, type ModelStore, type StoredModel, withManifest } from "../../model/index.js";
import type { TrainingRequest } from "../training/request.js";
import type { StartTraining, TrainingJob } from "../training/training-job.js";

export interface Learned {
  stored: StoredModel;
  manifest: Manifest;
}

/** Trains in a worker thread, and saves the model that comes out. */
export class Trainer {
  readonly #store: Pick<ModelStore, "save">;
  readonly #start: StartTraining;
  /** Settles when the last job's thread has ended: one that was cancelled may still run. */
  #running: Promise<unknown> | undefined;

  constructor(store: Pick<ModelStore, "save">, start: StartTraining) {
    this.#store = store;
    this.#start = start;
  }

  /**
   * @param signal cancels it
   * @param progress is told the share that is done, 0..1
   * @returns undefined when it was cancelled
   * @throws what training and saving throw
   */
  async train(
    request: TrainingRequest,
    signal: AbortSignal,
    progress: (share: number) => void,
  ): Promise<Learned | undefined> {
    // Two threads at once could take more memory than there is.
    if (this.#running) await this.#running;
    if (signal.aborted) return undefined;
    const job = this.#start(request, progress);
    this.#watch(job);
    const cancel = () => job.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const outcome = await job.outcome;
      if (!outcome || signal.aborted) return undefined;
      let { manifest } = outcome;
      const stored = await this.#store.save(request.model, (version) => {
        manifest = { ...manifest, version };
        return withManifest(outcome.bytes, manifest);
      });
      return { stored, manifest };
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  }

  #watch(job: TrainingJob): void {
    const running = job.outcome
      .catch(() => undefined)
      .then(() => {
        if (this.#running === running) this.#running = undefined;
      });
    this.#running = running;
  }

  /** Done when no thread runs any more. */
  async ended(): Promise<void> {
    await this.#running;
  }
}
