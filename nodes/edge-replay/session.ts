import { performance } from "node:perf_hooks";
import {
  type DataFolder,
  isSoundFile,
  openCsv,
  openSound,
  Pace,
  Player,
  type ReplayPart,
  type ReplayRow,
  type ReplaySource,
  type SoundChunk,
  type SoundCounts,
  type TableCounts,
} from "../lib/replay/index.js";
import type { ReplaySettings } from "./config.js";
import { soundOptions } from "./sound-options.js";

/** ms between two looks at the progress: putting it into words costs more than a reading. */
const PROGRESS = 250;
/** Rows, and ms of sound, between two questions whether the flow keeps up. */
const ROWS = 64;
const SOUND = 1000;

/** A reading as a message of its own. */
export interface ReadingMessage {
  _msgid: string;
  topic: string;
  payload: Record<string, number | null> | Buffer | Float32Array;
  timestamp: number;
  /** Hz, and how many channels are interleaved where there are several: of sound. */
  rate?: number;
  channels?: number;
  label?: string;
}

/** What the second output says at the end of the file. */
export type EndPayload = (TableCounts | SoundCounts) & {
  event: "end";
  file: string;
  /** Wall time of the pass. */
  seconds: number;
  /** Counts the passes through the file from 1. */
  pass: number;
};

export interface SessionHooks {
  generateId(): string;
  emit(message: ReadingMessage): void;
  settled(signal: AbortSignal): Promise<void>;
  progress(source: ReplaySource): void;
  /** After each pass. */
  end(payload: EndPayload): void;
}

/** A player of whichever kind of parts its source has. */
type AnyPlayer = Pick<Player<ReplayPart>, "paused" | "pause" | "resume" | "stop">;

/** One file, or folder of sound, being played, once or in a loop, from "start" to the end or "stop". */
export class Session {
  readonly #settings: ReplaySettings;
  readonly #hooks: SessionHooks;
  readonly source: ReplaySource;
  #player: AnyPlayer | undefined;
  #paused = false;
  #stopped = false;
  #nextProgress = 0;

  private constructor(source: ReplaySource, settings: ReplaySettings, hooks: SessionHooks) {
    this.source = source;
    this.#settings = settings;
    this.#hooks = hooks;
  }

  /** Opens the file: everything that can be wrong with it and with the settings is found here. */
  static async open(file: string, folder: DataFolder, settings: ReplaySettings, hooks: SessionHooks): Promise<Session> {
    return new Session(await openReplay(file, folder, settings), settings, hooks);
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
    this.#player?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#player?.resume();
  }

  stop(): void {
    this.#stopped = true;
    this.#player?.stop();
  }

  /** @returns false when it was stopped before the end */
  async play(): Promise<boolean> {
    for (let pass = 1; !this.#stopped; pass++) {
      const began = performance.now();
      if (!(await this.#playOnce())) return false;
      const { counts, file } = this.source;
      const seconds = Math.round(performance.now() - began) / 1000;
      this.#hooks.end({ event: "end", file, ...counts, seconds, pass });
      // A file that gives nothing would loop as fast as the processor can.
      if (!this.#settings.loop || given(this.source) === 0) return true;
    }
    return false;
  }

  #playOnce(): Promise<boolean> {
    const { source } = this;
    if (source.kind === "sound") return this.#run(source.chunks(), soundFields, SOUND / this.#settings.chunk);
    const toPayload = payloadMaker(source.channels);
    return this.#run(source.rows(), ({ values }: ReplayRow) => ({ payload: toPayload(values) }), ROWS);
  }

  /** @param fields what a message has of its part */
  #run<Part extends ReplayPart>(
    batches: AsyncIterable<Part[]>,
    fields: (part: Part) => Pick<ReadingMessage, "payload" | "rate" | "channels">,
    batch: number,
  ): Promise<boolean> {
    const { pace, speed, longestGap, topic } = this.#settings;
    const { source } = this;
    const hooks = this.#hooks;
    const player = new Player<Part>({
      ...(pace === "time" ? { pace: new Pace(speed, longestGap * 1000) } : {}),
      batch,
      settled: (signal) => hooks.settled(signal),
      emit: (part) => {
        const message: ReadingMessage = {
          _msgid: hooks.generateId(),
          topic: topicOf(part, topic, source),
          timestamp: part.time,
          ...fields(part),
        };
        if (part.label !== undefined) message.label = part.label;
        hooks.emit(message);
        const now = performance.now();
        if (now < this.#nextProgress) return;
        this.#nextProgress = now + PROGRESS;
        hooks.progress(source);
      },
    });
    this.#player = player;
    if (this.#paused) player.pause();
    return player.play(batches);
  }
}

/** Opens what a name means: a table, a WAV file, or a folder of them. */
async function openReplay(file: string, folder: DataFolder, settings: ReplaySettings): Promise<ReplaySource> {
  const sounds = folder.sounds(file);
  if (sounds !== undefined) {
    const parts = sounds.map(({ name, path }) => ({ path, topic: name }));
    return openSound(file, parts, soundOptions(settings));
  }
  const path = folder.resolve(file);
  return (await isSoundFile(path)) ? openSound(file, [{ path }], soundOptions(settings)) : openCsv(path, settings);
}

/** Rows or chunks given out in this pass. */
function given(source: ReplaySource): number {
  return source.kind === "table" ? source.counts.rows : source.counts.chunks;
}

/** Files of a folder are streams of their own, so that no window spans two of them: behind a topic that was set. */
function topicOf(part: ReplayPart, topic: string, { kind }: ReplaySource): string {
  if (part.topic === undefined) return topic;
  return kind === "sound" && topic !== "" ? `${topic}/${part.topic}` : part.topic;
}

function soundFields({ payload, rate, channels }: SoundChunk): Pick<ReadingMessage, "payload" | "rate" | "channels"> {
  return channels > 1 ? { payload, rate, channels } : { payload, rate };
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
