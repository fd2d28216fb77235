import { readFile, rm } from "node:fs/promises";
import { atomicWrite } from "../files/index.js";
import type { SavedRecording } from "./collect/recording.js";

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

/** The saved state, or undefined when there is none that can be read. */
export async function readState(path: string): Promise<SavedState | undefined> {
  try {
    const value = JSON.parse(await readFile(path, "utf8")) as Partial<SavedState> | null;
    if (value?.format !== 1 || !["idle", "collecting", "learned", "failed"].includes(value.state ?? ""))
      return undefined;
    const { next, recording, ...saved } = value as SavedState;
    return {
      ...saved,
      fresh: count(value.fresh),
      trained: count(value.trained),
      ...(typeof next === "number" && Number.isFinite(next) ? { next } : {}),
      ...(typeof recording?.label === "string" ? { recording: recordingOf(recording) } : {}),
    };
  } catch {
    // Missing or damaged: the learning begins as a new one, with the frames that its journal has.
    return undefined;
  }
}

export async function writeState(path: string, state: SavedState): Promise<void> {
  await atomicWrite(path, `${JSON.stringify(state)}\n`);
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
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
