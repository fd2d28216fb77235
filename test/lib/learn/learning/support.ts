/** A learning in a folder of its own, with a store and trainings that a test can hold. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Frame } from "../../../../nodes/lib/frame/index.ts";
import {
  Learning,
  type LearningSettings,
  type StartTraining,
  type TrainingOutcome,
  type TrainingRequest,
  train,
} from "../../../../nodes/lib/learn/index.ts";
import type { StoredModel } from "../../../../nodes/lib/model/index.ts";

let current: string;
beforeEach(() => {
  current = mkdtempSync(join(tmpdir(), "edge-ml-learning-"));
  requests.length = 0;
  saved.length = 0;
});
afterEach(() => rmSync(current, { recursive: true, force: true }));

/** Where the files of this test's learning are. */
export const folder = () => current;

/** What was trained, and what was saved. */
export const requests: TrainingRequest[] = [];
export const saved: string[] = [];

/** Trains at once, in this thread. */
export const direct: StartTraining = (request, progress) => {
  requests.push(request);
  return { outcome: Promise.resolve().then(() => train(request, progress)), cancel: () => undefined };
};

/** Trains until it is told how it ended. */
export function held(): {
  start: StartTraining;
  end: (outcome: TrainingOutcome | undefined | Error) => void;
  cancelled: () => boolean;
} {
  let settle: (outcome: TrainingOutcome | undefined | Error) => void = () => undefined;
  let cancelled = false;
  return {
    start: (request) => {
      requests.push(request);
      const outcome = new Promise<TrainingOutcome | undefined>((resolve, reject) => {
        settle = (result) => (result instanceof Error ? reject(result) : resolve(result));
      });
      return {
        outcome,
        cancel: () => {
          cancelled = true;
          settle(undefined);
        },
      };
    },
    end: (outcome) => settle(outcome),
    cancelled: () => cancelled,
  };
}

export const store = {
  save: async (name: string, make: (version: string) => Uint8Array | Promise<Uint8Array>): Promise<StoredModel> => {
    const version = String(saved.length + 1);
    const bytes = await make(version);
    saved.push(name);
    return { name, version, path: "", bytes, sha256: "0".repeat(64) };
  },
};

export function learning(change: Partial<LearningSettings> = {}, train: StartTraining = direct): Learning {
  return new Learning({
    base: join(folder(), "learning", "n"),
    store,
    train,
    settings: {
      model: "m",
      task: "anomaly",
      method: "pca",
      options: {},
      amount: { frames: 30 },
      holdOut: 0.25,
      holdOutBy: "time",
      folds: 0,
      falseAlarmsPerDay: 1,
      limits: { seconds: 60, megabytes: 512 },
      normal: { labels: ["normal"], unlabelled: true },
      classes: [],
      start: "once",
      again: undefined,
      madeBy: { name: "test", version: "1" },
      ...change,
    },
  });
}

export function frame(i: number, label?: string): Frame {
  return {
    data: Float32Array.of(Math.sin(i), Math.cos(i * 3), i % 7),
    info: {
      kind: "features",
      shape: [3],
      names: ["a", "b", "c"],
      stream: "s",
      seq: i,
      start: i * 1000,
      end: i * 1000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
      ...(label === undefined ? {} : { label }),
    },
  };
}

export function add(to: Learning, from: number, until: number, label?: string): void {
  for (let i = from; i < until; i++) to.add(frame(i, label));
}

export const event = (of: Learning, name: "learned" | "problem") => new Promise((done) => of.once(name, done));
export const files = () =>
  existsSync(join(folder(), "learning")) ? readdirSync(join(folder(), "learning")).sort() : [];

/** The first request as it was, with frames of what is normal: trained before its own frames were given away. */
let outcome: Promise<TrainingOutcome> | undefined;

/** Trains in no time: what comes out is always the same model. */
export const instant: StartTraining = (request) => {
  requests.push(request);
  outcome ??= train({
    ...request,
    task: "anomaly",
    method: "pca",
    options: {},
    folds: 0,
    holdOutBy: "time",
    frames: normal(),
  });
  return { outcome, cancel: () => undefined };
};

function normal(): TrainingRequest["frames"] {
  const rows = 30;
  const frames = Array.from({ length: rows }, (_, i) => frame(i));
  return {
    rows,
    columns: 3,
    data: Float32Array.from(frames.flatMap(({ data }) => [...data])),
    start: Float64Array.from(frames, ({ info }) => info.start),
    end: Float64Array.from(frames, ({ info }) => info.end),
    stream: new Int32Array(rows),
    streams: ["s"],
    label: new Int32Array(rows).fill(-1),
    labels: [],
    stride: 1,
  };
}
