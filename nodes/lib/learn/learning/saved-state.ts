import { readFile, rm } from "node:fs/promises";
import { EdgeMlError } from "../../errors/index.js";
import { atomicWrite } from "../../files/index.js";
import type { SavedRecording } from "../collect/recording.js";

/** What a learning has to remember over a restart, beside its frames. */
export interface SavedState {
  format: 1;
  /** idle: waits for a command. failed: the last training failed, and a command or more frames are needed. */
  state: "idle" | "collecting" | "learned" | "failed";
  /** The settings that it learned, or learns, with. */
  settings: string;
  /** Whether it was to begin at once. */
  start: "once" | "command";
  /** Which frames count as normal: frames collected under another rule are of no use. */
  rule: string;
  /** The version learned last. */
  version?: string;
  /** Frames collected since then. */
  fresh: number;
  /** Frames that the last training had. */
  trained: number;
  /** When it is time to learn again, in ms since 1970. */
  next?: number;
  /** The label that is being given to the frames that come. */
  recording?: SavedRecording;
}

/** Keeps the state in a file: one write after the other. */
export class StateOnDisk {
  readonly #path: string;
  readonly #onError: (error: EdgeMlError) => void;
  #saving: Promise<void> = Promise.resolve();
  /** The disk failed, which was told; told again only after it worked. */
  #unsaved = false;

  constructor(path: string, onError: (error: EdgeMlError) => void) {
    this.#path = path;
    this.#onError = onError;
  }

  /** The saved state, or undefined when there is none that can be read. */
  async read(): Promise<SavedState | undefined> {
    try {
      return checked(JSON.parse(await readFile(this.#path, "utf8")) as Partial<SavedState> | null);
    } catch {
      // Missing or damaged: the learning begins as a new one, with the frames that its journal has.
      return undefined;
    }
  }

  write(state: SavedState): void {
    this.#saving = this.#saving
      .then(() => atomicWrite(this.#path, `${JSON.stringify(state)}\n`))
      .then(() => {
        this.#unsaved = false;
      })
      .catch((error: unknown) => {
        if (this.#unsaved) return;
        this.#unsaved = true;
        const reason = error instanceof Error ? error.message : String(error);
        this.#onError(new EdgeMlError("EDGE_ML_LEARN_DISK", { action: "write", path: this.#path, reason }));
      });
  }

  /** Done when all is written. */
  flush(): Promise<void> {
    return this.#saving;
  }

  async remove(): Promise<void> {
    await this.#saving;
    await rm(this.#path, { force: true });
  }
}

function checked(value: Partial<SavedState> | null): SavedState | undefined {
  if (value?.format !== 1 || !["idle", "collecting", "learned", "failed"].includes(value.state ?? "")) return undefined;
  const { next, recording, ...saved } = value as SavedState;
  return {
    ...saved,
    fresh: count(value.fresh),
    trained: count(value.trained),
    ...(typeof next === "number" && Number.isFinite(next) ? { next } : {}),
    ...(typeof recording?.label === "string" ? { recording: recordingOf(recording) } : {}),
  };
}

function recordingOf({ label, until, frames, before }: SavedRecording): SavedRecording {
  return {
    label,
    ...(typeof until === "number" ? { until } : {}),
    ...(typeof frames === "number" && frames > 0 ? { frames } : {}),
    ...(before === "idle" || before === "learned" ? { before } : {}),
  };
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : 0;
}
