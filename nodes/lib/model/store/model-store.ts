import { EventEmitter } from "node:events";
import { describe, EdgeMlError } from "../../errors/index.js";
import { disk, type FileSystem } from "../../files/index.js";
import { type MakeModel, ModelFiles, type StoredModel } from "./model-files.js";
import { checkModelName, pointerText, readPointer } from "./names.js";
import { Turns } from "./turns.js";
import { Watcher } from "./watcher.js";

export interface ModelStoreOptions {
  /** Versions of a model that are kept; the current one and the one before it always are. Default 10. */
  keep?: number;
  /** Notice what another process makes current, for the models that were asked for here. Default false. */
  watch?: boolean;
  /** ms between two looks, where the system does not tell of changes by itself. Default 5000. */
  pollInterval?: number;
  fileSystem?: FileSystem;
  /** Bytes of memory that are free now: a file that needs more is not read. */
  availableMemory?: () => number;
}

interface StoreEvents {
  /** Another version of a model is in use. */
  current: [name: string, model: StoredModel];
  /** A version was deleted here. */
  removed: [name: string, version: string];
  /** Something is wrong that the store could work around. Told once, until it changes. */
  problem: [name: string, error: EdgeMlError];
}

/** What this process last saw of a model. */
interface Seen {
  /** From what the current version follows; undefined when that was damaged, so that it is looked at again. */
  state: string | undefined;
  /** The version that was handed out. */
  shown: string | undefined;
}

/**
 * The models of a gateway: `<folder>/<name>/<version>.onnx` (or .tflite), and in `<folder>/<name>/current` the version in
 * use.
 * Files appear whole or not at all, whatever happens; writers of one model take turns. A model file from elsewhere may
 * be put into its folder by hand: without `current`, the newest version is in use.
 */
export class ModelStore extends EventEmitter<StoreEvents> {
  readonly #files: ModelFiles;
  readonly #keep: number;
  readonly #turns = new Turns();
  readonly #watcher: Watcher | undefined;
  /** Of the models that were asked for. */
  readonly #seen = new Map<string, Seen>();
  readonly #told = new Map<string, string>();
  /** How many versions of a model somebody needs. */
  readonly #reserved = new Map<string, Set<{ versions: number }>>();

  constructor(folder: string, options: ModelStoreOptions = {}) {
    super();
    // Each edge-infer node listens.
    this.setMaxListeners(0);
    const { keep = 10, watch = false, pollInterval = 5000, fileSystem = disk } = options;
    const { availableMemory = () => process.availableMemory() } = options;
    if (!Number.isInteger(keep) || keep < 1) throw new TypeError('"keep" is not a positive integer');
    this.#files = new ModelFiles(folder, fileSystem, availableMemory);
    this.#keep = keep;
    if (watch) this.#watcher = new Watcher((name) => this.#look(name), pollInterval);
  }

  /** Absolute path. */
  get folder(): string {
    return this.#files.folder;
  }

  /**
   * Stores a new version and makes it current. Calls for one model take turns.
   * @param make gets the new version's number and returns the file. It is called again with the next number if another
   * process took this one meanwhile; it must not wait for this store's answer about the same model.
   * @throws EdgeMlError EDGE_ML_MODEL_NAME; EDGE_ML_MODEL_INVALID if the bytes are no model, or its manifest has
   * another name or version; EDGE_ML_STORE; and what `make` throws. The model in use stays the same then.
   */
  async save(name: string, make: MakeModel): Promise<StoredModel> {
    checkModelName(name);
    return this.#turns.take(name, async () => {
      await this.#files.prepare(name);
      const before = readPointer(await this.#files.pointer(name).catch(() => ""))?.version;
      const model = await this.#files.add(name, make, Number(before ?? 0));
      try {
        await this.#use(model);
      } catch (error) {
        await this.#files.remove(name, model.version).catch(() => undefined);
        throw error;
      }
      await this.#prune(name, [model.version, before]);
      this.#tell(model);
      return model;
    });
  }

  /**
   * The version in use, or undefined when there is none. If `current` is damaged, or the file that it names, this is
   * the newest version that can be read, and a "problem" is emitted.
   * @throws EdgeMlError EDGE_ML_MODEL_NAME; EDGE_ML_MODEL_INVALID if there are versions but none can be read;
   * EDGE_ML_STORE
   */
  async current(name: string): Promise<StoredModel | undefined> {
    checkModelName(name);
    return this.#turns.take(name, async () => {
      const before = this.#seen.get(name);
      if (!before) this.#seen.set(name, { state: undefined, shown: undefined });
      this.#watcher?.add(name, this.#files.folderOf(name));
      const model = await this.#refresh(name);
      // Another process changed it, and who asked earlier must hear of it too.
      if (before && model && pointerText(model) !== before.shown) this.#tell(model);
      return model;
    });
  }

  /**
   * One version of a model.
   * @throws EdgeMlError EDGE_ML_MODEL_NAME, EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_INVALID, EDGE_ML_MODEL_TOO_LARGE,
   * EDGE_ML_STORE
   */
  read(name: string, version: string): Promise<StoredModel> {
    return this.#files.read(name, version);
  }

  /**
   * The file of a version as it is, also of one that cannot be used.
   * @throws EdgeMlError EDGE_ML_MODEL_NAME, EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_TOO_LARGE, EDGE_ML_STORE
   */
  readFile(name: string, version: string): Promise<{ path: string; bytes: Uint8Array }> {
    return this.#files.readFile(name, version);
  }

  /** The versions of a model, newest first; empty when there is no such model. */
  list(name: string): Promise<string[]> {
    return this.#files.list(name);
  }

  /** The names of the models that have a version, sorted. */
  names(): Promise<string[]> {
    return this.#files.names();
  }

  /**
   * Makes a version current that is there: to go back after a bad one.
   * @throws EdgeMlError as read
   */
  async activate(name: string, version: string): Promise<StoredModel> {
    checkModelName(name);
    return this.#turns.take(name, async () => {
      const model = await this.#files.read(name, version);
      if ((await this.#files.pointer(name).catch(() => "")) === pointerText(model)) return model;
      await this.#use(model);
      this.#tell(model);
      return model;
    });
  }

  /**
   * Makes the version before the current one current.
   * @throws EdgeMlError EDGE_ML_MODEL_NOT_FOUND when there is none before it; as read
   */
  async goBack(name: string): Promise<StoredModel> {
    const current = (await this.current(name))?.version;
    const before = (await this.list(name)).find((version) => Number(version) < Number(current));
    if (before === undefined) {
      throw new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name: `${name}, a version before ${current ?? "the first"}` });
    }
    return this.activate(name, before);
  }

  /**
   * Deletes a version that is not in use.
   * @throws EdgeMlError EDGE_ML_MODEL_NAME, EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_IN_USE, EDGE_ML_STORE
   */
  async delete(name: string, version: string): Promise<void> {
    checkModelName(name);
    return this.#turns.take(name, async () => {
      if (!(await this.list(name)).includes(version)) {
        throw new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name: `${name}, version ${describe(version)}` });
      }
      // With damage nothing may be in use, or another version than the one that `current` names: neither may go.
      const pointer = readPointer(await this.#files.pointer(name).catch(() => ""));
      const used = await this.#refresh(name).catch(() => undefined);
      if (version === used?.version || version === pointer?.version) {
        throw new EdgeMlError("EDGE_ML_MODEL_IN_USE", { name, version });
      }
      await this.#files.remove(name, version);
      this.emit("removed", name, version);
    });
  }

  /**
   * Keeps at least so many versions of a model, beside what `keep` says.
   * @returns ends it
   */
  reserve(name: string, versions: number): () => void {
    const reservation = { versions };
    const reservations = this.#reserved.get(name) ?? new Set();
    this.#reserved.set(name, reservations.add(reservation));
    return () => {
      reservations.delete(reservation);
    };
  }

  /** Removes what a crash left behind, of all models. */
  async clean(): Promise<void> {
    for (const name of await this.names()) await this.#files.clean(name);
  }

  /** Stops watching and telling. */
  close(): void {
    this.#watcher?.close();
    this.removeAllListeners();
  }

  async #use(model: StoredModel): Promise<void> {
    const problem = await this.#files.point(model);
    if (problem) this.#problem(model.name, problem);
    this.#seen.set(model.name, { state: pointerText(model), shown: pointerText(model) });
  }

  /** Removes the oldest versions. The new one is in use already: what fails here is told, not thrown. */
  async #prune(name: string, keep: (string | undefined)[]): Promise<void> {
    try {
      const wanted = [...(this.#reserved.get(name) ?? [])].map(({ versions }) => versions);
      const old = (await this.list(name))
        .slice(Math.max(this.#keep, ...wanted))
        .filter((version) => !keep.includes(version));
      for (const version of old) await this.#files.remove(name, version);
    } catch (error) {
      this.#problem(name, EdgeMlError.from(error));
    }
  }

  /** For the watcher: tells if another version is in use than the one that was handed out. */
  async #look(name: string): Promise<void> {
    await this.#turns.take(name, async () => {
      const before = this.#seen.get(name);
      try {
        if (before?.state !== undefined && before.state === (await this.#state(name))) {
          this.#told.delete(name);
          return;
        }
        const model = await this.#refresh(name);
        if (model && pointerText(model) !== before?.shown) this.#tell(model);
      } catch (error) {
        this.#problem(name, EdgeMlError.from(error));
      }
    });
  }

  /** What decides which version is in use, cheap to read. */
  async #state(name: string): Promise<string> {
    const text = await this.#files.pointer(name);
    return text === "" ? `newest ${(await this.list(name))[0]}` : text;
  }

  async #refresh(name: string): Promise<StoredModel | undefined> {
    const state = await this.#state(name);
    const { model, problem } = await this.#follow(name, await this.#files.pointer(name));
    if (problem && model) this.#fallBack(model, problem);
    else this.#told.delete(name);
    this.#seen.set(name, { state: problem ? undefined : state, shown: model && pointerText(model) });
    return model;
  }

  async #follow(name: string, text: string): Promise<{ model?: StoredModel; problem?: EdgeMlError }> {
    const pointer = readPointer(text);
    let problem: EdgeMlError | undefined;
    if (pointer) {
      try {
        const model = await this.#files.read(name, pointer.version);
        if (pointer.sha256 === undefined || pointer.sha256 === model.sha256) return { model };
        const reason = `the file of version ${pointer.version} is not the one that was saved`;
        problem = new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
      } catch (error) {
        problem = EdgeMlError.from(error);
      }
    } else if (text !== "") {
      problem = new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason: "the file current names no version" });
    }
    for (const version of await this.list(name)) {
      if (problem && version === pointer?.version) continue;
      try {
        const model = await this.#files.read(name, version);
        return problem ? { model, problem } : { model };
      } catch (error) {
        problem ??= EdgeMlError.from(error);
      }
    }
    if (problem) throw problem;
    return {};
  }

  #fallBack({ name, version }: StoredModel, cause: EdgeMlError): void {
    const { reason = "its file is missing" } = cause.details;
    this.#problem(name, new EdgeMlError("EDGE_ML_MODEL_FALLBACK", { name, reason, version }, { cause }));
  }

  #tell(model: StoredModel): void {
    try {
      this.emit("current", model.name, model);
    } catch (error) {
      // A listener's mistake must not make the save fail: it is done.
      this.#problem(model.name, EdgeMlError.from(error));
    }
  }

  #problem(name: string, error: EdgeMlError): void {
    if (this.#told.get(name) === error.message) return;
    this.#told.set(name, error.message);
    this.emit("problem", name, error);
  }
}
