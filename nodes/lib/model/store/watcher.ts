import { type FSWatcher, watch } from "node:fs";

/** Several changes come with one save. */
const SETTLE = 50;

/**
 * Says when to look at a model's folder again: soon after the system reports a change in it, and regularly, since
 * network disks and containers' volumes do not report, and a folder that is not there yet cannot be watched.
 * Keeps no process alive.
 */
export class Watcher {
  readonly #look: (name: string) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #folders = new Map<string, { folder: string; watcher?: FSWatcher; soon?: NodeJS.Timeout }>();

  constructor(look: (name: string) => Promise<void>, pollInterval: number) {
    // Nobody waits for a look, and a rejection that nobody takes would end Node-RED.
    this.#look = (name) => void look(name).catch(() => undefined);
    this.#timer = setInterval(() => {
      for (const name of this.#folders.keys()) {
        this.#watch(name);
        this.#look(name);
      }
    }, pollInterval);
    this.#timer.unref();
  }

  add(name: string, folder: string): void {
    if (!this.#folders.has(name)) this.#folders.set(name, { folder });
    this.#watch(name);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { watcher, soon } of this.#folders.values()) {
      watcher?.close();
      clearTimeout(soon);
    }
    this.#folders.clear();
  }

  #watch(name: string): void {
    const entry = this.#folders.get(name);
    if (!entry || entry.watcher) return;
    try {
      const watcher = watch(entry.folder, { persistent: false }, () => this.#soon(name));
      const stop = () => {
        watcher.close();
        delete entry.watcher;
      };
      watcher.on("error", stop);
      entry.watcher = watcher;
    } catch {
      // The folder is not there yet, or the system has no watch left: the timer looks.
    }
  }

  #soon(name: string): void {
    const entry = this.#folders.get(name);
    if (!entry || entry.soon) return;
    entry.soon = setTimeout(() => {
      delete entry.soon;
      this.#look(name);
    }, SETTLE);
    entry.soon.unref();
  }
}
