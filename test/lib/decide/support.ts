import { type Condition, Decider, type DecideSettings, observe } from "../../../nodes/lib/decide/index.ts";

/** Raises on the first result beyond the limit and clears on the first that is not: each test sets what it is about. */
export function settings(overrides: Partial<DecideSettings> = {}): DecideSettings {
  return {
    condition: { by: "model", factor: 1 },
    smoothing: { method: "none", size: 1 },
    needed: 1,
    among: 1,
    raiseAfter: 0,
    clearRatio: 1,
    clearAfter: 0,
    refractory: 0,
    severity: "warning",
    criticalFactor: 2,
    noDataAfter: 0,
    remindEvery: 0,
    streams: 1024,
    ...overrides,
  };
}

export const SECOND = 1000;

export function anomaly(score: number, threshold = 10, more: object = {}): object {
  return { kind: "anomaly", score, threshold, anomalous: score > threshold, ...more };
}

export function unscored(...reasons: string[]): object {
  return { kind: "anomaly", score: null, quality: { ok: false, reasons, missing: 1, filled: 0 } };
}

/** A decider that takes payloads one by one, a second apart unless a time is given. */
export class Feed {
  readonly decider: Decider;
  readonly #condition: Condition;
  time = 0;

  constructor(overrides: Partial<DecideSettings> = {}) {
    const all = settings(overrides);
    this.decider = new Decider(all, "node", "start");
    this.#condition = all.condition;
  }

  push(payload: unknown, seconds?: number, topic: unknown = "AHU-1", model?: object) {
    this.time = seconds === undefined ? this.time + SECOND : seconds * SECOND;
    return this.decider.push(observe({ payload, topic, model, frame: { end: this.time } }, this.#condition, 0));
  }

  /** A row of scores, a second apart; null is an unscored result. Returns "<index>:<event>" for each event. */
  run(scores: readonly (number | null)[]): string[] {
    return scores.flatMap((score, i) =>
      this.push(score === null ? unscored("missing: a") : anomaly(score)).events.map(({ event }) => `${i}:${event}`),
    );
  }
}
