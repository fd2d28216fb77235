import { readFileSync, renameSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { EdgeMlError } from "../errors/index.js";
import { atomicWrite } from "./atomic-write.js";

/** Larger than any state we write; a file beyond it is not ours. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * A small JSON file that keeps a node's state over restarts. Written some time after a change, not at every one, and
 * never two writes at once. A file that cannot be understood is set aside (`<path>.corrupt`), not overwritten.
 */
export class StateFile<State> {
  readonly path: string;
  readonly #check: (value: unknown) => State;
  readonly #delay: number;
  readonly #fail: (error: EdgeMlError) => void;
  #state: (() => State) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failed = false;

  /**
   * @param check returns the state, or throws if the value is none
   * @param fail is told when a write fails: once, until one succeeds again
   * @param delay ms between a change and its write
   */
  constructor(path: string, check: (value: unknown) => State, fail: (error: EdgeMlError) => void, delay = 500) {
    this.path = path;
    this.#check = check;
    this.#fail = fail;
    this.#delay = delay;
  }

  /**
   * The saved state, or undefined when there is none. Synchronous, for the moment when a node starts: no message may
   * come before it.
   * @throws EdgeMlError EDGE_ML_STATE_CORRUPT after the file was set aside; EDGE_ML_STATE_READ
   */
  read(): State | undefined {
    let text: string;
    try {
      if (statSync(this.path).size > MAX_BYTES) return this.#setAside(`it is larger than ${MAX_BYTES} bytes`);
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      if (error instanceof EdgeMlError) throw error;
      throw new EdgeMlError("EDGE_ML_STATE_READ", { path: this.path, reason: reasonOf(error) }, { cause: error });
    }
    try {
      return this.#check(JSON.parse(text));
    } catch (error) {
      return this.#setAside(reasonOf(error));
    }
  }

  /** Asks for a write; `state` is called when it happens, so it need not be made at every change. */
  save(state: () => State): void {
    this.#state = state;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, this.#delay);
  }

  /** Writes what is still to be written, and waits for it. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#write();
  }

  /** Deletes the file, and what was set aside. */
  async remove(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = undefined;
    await this.#writing;
    await rm(this.path, { force: true });
    await rm(`${this.path}.corrupt`, { force: true });
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    while (this.#writing) await this.#writing;
    const state = this.#state;
    if (!state) return;
    this.#state = undefined;
    this.#writing = atomicWrite(this.path, JSON.stringify(state())).then(
      () => {
        this.#failed = false;
      },
      (error: unknown) => {
        if (!this.#failed) this.#fail(writeError(this.path, error));
        this.#failed = true;
        // Tried again with the next change, or at the end.
        this.#state ??= state;
      },
    );
    await this.#writing;
    this.#writing = undefined;
  }

  #setAside(reason: string): never {
    const aside = `${this.path}.corrupt`;
    try {
      renameSync(this.path, aside);
    } catch (error) {
      throw new EdgeMlError("EDGE_ML_STATE_READ", { path: this.path, reason: reasonOf(error) }, { cause: error });
    }
    throw new EdgeMlError("EDGE_ML_STATE_CORRUPT", { path: this.path, aside, reason });
  }
}

function writeError(path: string, error: unknown): EdgeMlError {
  return new EdgeMlError("EDGE_ML_STATE_WRITE", { path, reason: reasonOf(error) }, { cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof EdgeMlError && error.code === "EDGE_ML_STATE") {
    const { field, got, expected } = error.details;
    return `${field} is ${got}, but it must be ${expected}`;
  }
  return error instanceof Error ? error.message : String(error);
}
