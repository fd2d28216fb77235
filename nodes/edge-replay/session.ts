import { performance } from "node:perf_hooks";
import {
  type DataFolder,
  openCsv,
  Pace,
  Player,
  type ReplayCounts,
  type ReplayRow,
  type ReplaySource,
} from "../lib/replay/index.js";
import type { ReplaySettings } from "./config.js";

/** ms between two looks at the progress: putting it into words costs more than a reading. */
const PROGRESS = 250;

/** A reading as a message of its own. */
export interface ReadingMessage {
  _msgid: string;
  topic: string;
  payload: Record<string, number | null>;
  timestamp: number;
  label?: string;
}

/** What the second output says at the end of the file. */
export interface EndPayload extends ReplayCounts {
  event: "end";
  file: string;
  /** Wall time of the pass. */
  seconds: number;
  /** Counts the passes through the file from 1. */
  pass: number;
}

export interface SessionHooks {
  generateId(): string;
  emit(message: ReadingMessage): void;
  settled(signal: AbortSignal): Promise<void>;
  progress(source: ReplaySource): void;
  /** After each pass. */
  end(payload: EndPayload): void;
}

/** One file being played, once or in a loop, from "start" to the end or "stop". */
export class Session {
  readonly #settings: ReplaySettings;
  readonly #hooks: SessionHooks;
  readonly source: ReplaySource;
  #player: Player;
  #stopped = false;

  private constructor(source: ReplaySource, settings: ReplaySettings, hooks: SessionHooks) {
    this.source = source;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#player = this.#makePlayer();
  }

  /** Opens the file: everything that can be wrong with it and with the settings is found here. */
  static async open(file: string, folder: DataFolder, settings: ReplaySettings, hooks: SessionHooks): Promise<Session> {
    return new Session(await openCsv(folder.resolve(file), settings), settings, hooks);
  }

  get paused(): boolean {
    return this.#player.paused;
  }

  pause(): void {
    this.#player.pause();
  }

  resume(): void {
    this.#player.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#player.stop();
  }

  /** @returns false when it was stopped before the end */
  async play(): Promise<boolean> {
    for (let pass = 1; !this.#stopped; pass++) {
      const began = performance.now();
      if (!(await this.#player.play(this.source.rows()))) return false;
      const { counts, file } = this.source;
      const seconds = Math.round(performance.now() - began) / 1000;
      this.#hooks.end({ event: "end", file, ...counts, seconds, pass });
      // A file that gives no row would loop as fast as the processor can.
      if (!this.#settings.loop || counts.rows === 0) return true;
      const paused = this.#player.paused;
      this.#player = this.#makePlayer();
      if (paused) this.#player.pause();
    }
    return false;
  }

  #makePlayer(): Player {
    const { pace, speed, longestGap, topic } = this.#settings;
    const { source } = this;
    const hooks = this.#hooks;
    const toPayload = payloadMaker(source.channels);
    let nextProgress = 0;
    return new Player({
      ...(pace === "time" ? { pace: new Pace(speed, longestGap * 1000) } : {}),
      settled: (signal) => hooks.settled(signal),
      emit(row: ReplayRow) {
        const message: ReadingMessage = {
          _msgid: hooks.generateId(),
          topic: row.topic ?? topic,
          payload: toPayload(row.values),
          timestamp: row.time,
        };
        if (row.label !== undefined) message.label = row.label;
        hooks.emit(message);
        const now = performance.now();
        if (now < nextProgress) return;
        nextProgress = now + PROGRESS;
        hooks.progress(source);
      },
    });
  }
}

/** Makes objects by channel; a column may be called `__proto__`, which plain assignment would lose. */
function payloadMaker(names: readonly string[]): (values: (number | null)[]) => Record<string, number | null> {
  if (names.includes("__proto__")) return (values) => Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  return (values) => {
    const payload: Record<string, number | null> = {};
    for (let i = 0; i < names.length; i++) payload[names[i]!] = values[i]!;
    return payload;
  };
}
