import type { Runner } from "./runner.js";

/** What those who share it get: a runner of their own to close, and what was found out when it was opened. */
export interface Shared<Found> {
  runner: Runner;
  found: Found;
}

interface Entry {
  opened: Promise<Shared<unknown>>;
  users: number;
}

/**
 * The runners in use, each once: nodes that run the same file share one session, or one worker. It is freed when the last
 * of them closes it.
 */
export class SharedRunners {
  readonly #entries = new Map<string, Entry>();

  /** Runners that are open, or being opened. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The runner of that key. The first who asks opens it; who asks meanwhile waits for the same one, and gets the same
   * error when it cannot be opened.
   * @param key says all that makes one runner differ from another
   */
  async take<Found>(key: string, open: () => Promise<Shared<Found>>): Promise<Shared<Found>> {
    const entry: Entry = this.#entries.get(key) ?? { opened: open(), users: 0 };
    this.#entries.set(key, entry);
    entry.users++;
    try {
      const { runner, found } = (await entry.opened) as Shared<Found>;
      return { runner: new Share(runner, () => this.#leave(key, entry, runner)), found };
    } catch (error) {
      // Whoever asks next tries anew.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  async #leave(key: string, entry: Entry, runner: Runner): Promise<void> {
    entry.users--;
    if (entry.users > 0) return;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    await runner.close();
  }
}

/** One user's part in a runner. */
class Share implements Runner {
  readonly #runner: Runner;
  #leave: (() => Promise<void>) | undefined;

  constructor(runner: Runner, leave: () => Promise<void>) {
    this.#runner = runner;
    this.#leave = leave;
  }

  get place() {
    return this.#runner.place;
  }

  get inputShape() {
    return this.#runner.inputShape;
  }

  get outputs() {
    return this.#runner.outputs;
  }

  run(...args: Parameters<Runner["run"]>): ReturnType<Runner["run"]> {
    return this.#runner.run(...args);
  }

  async close(): Promise<void> {
    const leave = this.#leave;
    this.#leave = undefined;
    await leave?.();
  }
}
