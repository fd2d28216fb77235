import { EdgeMlError } from "../errors/index.js";
import type { LoadedModel, ModelFile } from "./load-model.js";

/** The part of the model store that a follower needs. */
export interface ModelSourceStore {
  current(name: string): Promise<ModelFile | undefined>;
  on(event: "current", listener: (name: string, model: ModelFile) => void): unknown;
  off(event: "current", listener: (name: string, model: ModelFile) => void): unknown;
}

export interface FollowerEvents {
  /** A version was loaded and tried: take it into use. */
  use(model: LoadedModel): void;
  /** The version in use is the current one again, after another was refused. */
  kept(version: string): void;
  /** A version was refused; the one in use stays. Told once per version. */
  refused(version: string | undefined, error: EdgeMlError): void;
  /** Whether a version is being loaded. */
  loading(is: boolean): void;
}

/** How long close() waits for a version that is being loaded. */
const CLOSE_MS = 5000;

/** Follows the current version of one model of the store: each new one is loaded and tried before it takes over. */
export class ModelFollower {
  readonly #store: ModelSourceStore;
  readonly #name: string;
  readonly #load: (file: ModelFile) => Promise<LoadedModel>;
  readonly #events: FollowerEvents;
  readonly #onCurrent = (name: string, file: ModelFile) => {
    if (name === this.#name) this.#want(file);
  };
  /** The newest version that was asked for; those between are skipped. */
  #wanted: ModelFile | undefined;
  /** Without the bytes of its file, which may be many. */
  #inUse: Pick<ModelFile, "version" | "sha256"> | undefined;
  #work: Promise<void> | undefined;
  #closed = false;

  constructor(
    store: ModelSourceStore,
    name: string,
    load: (file: ModelFile) => Promise<LoadedModel>,
    events: FollowerEvents,
  ) {
    this.#store = store;
    this.#name = name;
    this.#load = load;
    this.#events = events;
  }

  /**
   * Takes the current version, and each one that follows. Resolves when the current one is in use, refused or absent.
   * @param prepared something may be put into the store before; when it fails, that is told elsewhere
   */
  async start(prepared?: Promise<unknown>): Promise<void> {
    this.#store.on("current", this.#onCurrent);
    this.#events.loading(true);
    await prepared?.catch(() => undefined);
    if (this.#closed) return;
    try {
      const file = await this.#store.current(this.#name);
      // A version that was announced meanwhile is newer.
      if (file && !this.#wanted && !this.#work) this.#want(file);
    } catch (error) {
      if (!this.#closed) this.#events.refused(undefined, EdgeMlError.from(error));
    }
    await this.#work;
    if (!this.#closed) this.#events.loading(false);
  }

  /** Throws away the version that is being loaded; waits for that as long as a person would. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#store.off("current", this.#onCurrent);
    this.#wanted = undefined;
    if (!this.#work) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((done) => {
      timer = setTimeout(done, CLOSE_MS);
    });
    await Promise.race([this.#work, patience]);
    clearTimeout(timer);
  }

  #want(file: ModelFile): void {
    if (this.#closed) return;
    this.#wanted = file;
    this.#work ??= this.#follow().finally(() => {
      this.#work = undefined;
    });
  }

  async #follow(): Promise<void> {
    this.#events.loading(true);
    for (let file = this.#next(); file; file = this.#next()) {
      if (file.version === this.#inUse?.version && file.sha256 === this.#inUse.sha256) {
        this.#events.kept(file.version);
        continue;
      }
      try {
        const model = await this.#load(file);
        if (this.#closed) await model.runner.close();
        else {
          this.#inUse = { version: file.version, sha256: file.sha256 };
          this.#events.use(model);
        }
      } catch (error) {
        if (!this.#closed) this.#events.refused(file.version, EdgeMlError.from(error));
      }
    }
    if (!this.#closed) this.#events.loading(false);
  }

  #next(): ModelFile | undefined {
    const file = this.#wanted;
    this.#wanted = undefined;
    return file;
  }
}
