import { EdgeMlError } from "../errors/index.js";
import type { Manifest } from "../model/index.js";
import { recipeDifference } from "../recipe/index.js";
import { type Elder, Ensemble } from "./ensemble.js";
import type { LoadedModel, ModelFile } from "./load-model.js";

/** The part of the model store that it needs. */
export interface VersionStore {
  list(name: string): Promise<string[]>;
  read(name: string, version: string): Promise<ModelFile>;
  /** Keeps at least so many versions of a model until the returned function is called. */
  reserve(name: string, versions: number): () => void;
  on(event: "removed", listener: (name: string, version: string) => void): unknown;
  off(event: "removed", listener: (name: string, version: string) => void): unknown;
}

export interface ModelAgesOptions {
  store: VersionStore;
  name: string;
  /** Versions that have a say, the one in use among them; at least 2. */
  versions: number;
  /** How many must agree; 0 for all. */
  atLeast: number;
  load: (file: ModelFile) => Promise<LoadedModel>;
  /** An older version does not work, and is asked no more: EDGE_ML_MODEL_NO_SAY, once; or the store failed. */
  problem: (error: EdgeMlError) => void;
}

/** What all versions together may take: their files, and a thread for each that has one. */
const MAX_BYTES = 256 * 1024 * 1024;
const WORKER_BYTES = 16 * 1024 * 1024;

/**
 * Versions of different age of one model: the one in use, and those before it that take the same frames. A version that
 * is loaded stays so while it is among them.
 */
export class ModelAges {
  readonly #options: ModelAgesOptions;
  readonly #unreserve: () => void;
  /** Those that are loaded, by their version. */
  readonly #loaded = new Map<string, Age>();
  /** Versions that did not work. */
  readonly #bad = new Set<string>();
  readonly #onRemoved = (name: string, version: string) => {
    if (name !== this.#options.name) return;
    this.#bad.delete(version);
    this.#loaded.get(version)?.remove();
  };

  constructor(options: ModelAgesOptions) {
    this.#options = options;
    this.#unreserve = options.store.reserve(options.name, options.versions);
    options.store.on("removed", this.#onRemoved);
  }

  /**
   * The version that is to be used, together with those before it. Only one of anomaly models; any other is given back.
   * Never fails for an older one: it is left out.
   */
  async around(newest: LoadedModel, bytes: number): Promise<LoadedModel> {
    if (newest.task !== "anomaly") return newest;
    const { store, name, versions, atLeast } = this.#options;
    const first = new Age(newest, bytes, this.#loaded);
    const ages = [first];
    try {
      for (const version of await store.list(name)) {
        if (ages.length === versions) break;
        if (Number(version) >= Number(newest.reference.version) || this.#bad.has(version)) continue;
        const age = this.#loaded.get(version) ?? (await this.#load(version, newest));
        if (!age || !alike(newest, age.model)) continue;
        if (sum(ages) + age.bytes > MAX_BYTES) break;
        ages.push(age);
      }
    } catch (error) {
      this.#options.problem(EdgeMlError.from(error));
    }
    for (const age of ages) age.users++;
    // Those that were loaded and do not fit after all.
    for (const age of this.#loaded.values()) if (age.users === 0) age.remove();
    const elders = ages.slice(1).map((age) => this.#elder(age));
    const close = async () => {
      await Promise.all(ages.map((age) => age.leave()));
    };
    return new Ensemble(newest, elders, { atLeast, close });
  }

  close(): void {
    this.#unreserve();
    this.#options.store.off("removed", this.#onRemoved);
  }

  async #load(version: string, newest: LoadedModel): Promise<Age | undefined> {
    const { store, name, load } = this.#options;
    try {
      const file = await store.read(name, version);
      // Not even loaded when it was made for other frames.
      if (newest.manifest && !sameFrames(newest.manifest, file.manifest)) return undefined;
      return new Age(await load(file), file.bytes.length, this.#loaded);
    } catch (error) {
      this.#drop(version, error);
      return undefined;
    }
  }

  #elder(age: Age): Elder {
    return {
      model: age.model,
      get dropped() {
        return age.removed;
      },
      drop: (error) => {
        if (age.removed) return;
        age.remove();
        this.#drop(age.model.reference.version, error);
      },
    };
  }

  #drop(version: string, error: unknown): void {
    this.#bad.add(version);
    const { details, message } = EdgeMlError.from(error);
    const told = { name: this.#options.name, version, reason: details.reason ?? message };
    this.#options.problem(new EdgeMlError("EDGE_ML_MODEL_NO_SAY", told, { cause: error }));
  }
}

/** A version that is loaded, and the ensembles that use it. */
class Age {
  users = 0;
  removed = false;
  readonly model: LoadedModel;
  readonly bytes: number;
  readonly #among: Map<string, Age>;

  constructor(model: LoadedModel, bytes: number, among: Map<string, Age>) {
    this.model = model;
    this.bytes = bytes + (model.runner.place === "worker" ? WORKER_BYTES : 0);
    this.#among = among;
    among.set(model.reference.version, this);
  }

  /** An ensemble needs it no more. */
  async leave(): Promise<void> {
    if (--this.users > 0 || this.removed) return;
    await this.#end();
  }

  /** Nobody asks it any more. */
  remove(): void {
    if (this.removed) return;
    // Nobody waits for a model that is out of use.
    this.#end().catch(() => undefined);
  }

  async #end(): Promise<void> {
    this.removed = true;
    const { version } = this.model.reference;
    if (this.#among.get(version) === this) this.#among.delete(version);
    await this.model.runner.close();
  }
}

function sum(ages: readonly Age[]): number {
  return ages.reduce((bytes, age) => bytes + age.bytes, 0);
}

/** Whether an older version takes the frames of a newer one, and gives a score. */
function alike(newest: LoadedModel, older: LoadedModel): boolean {
  if (older.task !== "anomaly" || older.moreInputs.join() !== newest.moreInputs.join()) return false;
  if (newest.manifest) return sameFrames(newest.manifest, older.manifest);
  return !older.manifest && older.runner.inputShape.join() === newest.runner.inputShape.join();
}

function sameFrames(newest: Manifest, older: Manifest | undefined): boolean {
  if (older?.task !== "anomaly") return false;
  const [a, b] = [newest.input, older.input];
  const same = a.shape.join() === b.shape.join() && a.names.join("\n") === b.names.join("\n");
  return (
    same && recipeDifference(b.recipe, a.recipe) === undefined && recipeDifference(a.recipe, b.recipe) === undefined
  );
}
