import type { Keep } from "../collect/collection.js";
import { MAX_FRAMES } from "../collect/collection.js";
import type { LabelRule } from "../collect/fitting.js";
import { chooseLearner } from "../learners/index.js";
import type { HoldOutBy, TrainingLimits } from "../training/request.js";

/** When there is enough to learn from. */
export type Amount =
  /** So many frames. */
  | { frames: number }
  /** So many ms of the frames' own time. */
  | { duration: number }
  /** So many frames of each class. */
  | { each: number }
  /** When it is told to: by "train", or by the end of a recording that is played. */
  | { told: true };

/** Learning again, from the latest frames: after as many new ones as it learned from, or every so many ms. */
export type Again = { by: "frames" } | { by: "time"; every: number };

/** What to learn, and how. */
export interface LearningSettings extends LabelRule {
  /** The model's name. */
  model: string;
  method: string;
  options: Record<string, unknown>;
  amount: Amount;
  /** The share, 0..1, that is held out. */
  holdOut: number;
  holdOutBy: HoldOutBy;
  /** Parts of a cross-validation; 0: none. */
  folds: number;
  falseAlarmsPerDay: number;
  limits: TrainingLimits;
  start: "once" | "command";
  /** Keep the latest frames and learn again; undefined: once. */
  again: Again | undefined;
  madeBy: { name: string; version: string };
}

/** Which frames are kept when there are more than fit. */
export function keepOf({ task, value, amount, again }: LearningSettings): Keep {
  return {
    ...(again ? { latest: "frames" in amount ? amount.frames : MAX_FRAMES } : {}),
    ...(task === "class" ? { balanced: true } : {}),
    ...("each" in amount ? { each: amount.each } : {}),
    // A feature so many frames later: where every second frame is missing, it would be another one.
    ...(task === "value" && value?.from === "feature" ? { consecutive: true } : {}),
  };
}

/** The settings that make another model of the same frames, or take more of them: as text, to be compared. */
export function settingsKey(settings: LearningSettings): string {
  const { model, method, options, amount, holdOut, falseAlarmsPerDay, task } = settings;
  const key: unknown[] = [
    model,
    method,
    options,
    amount,
    holdOut,
    task === "anomaly" ? falseAlarmsPerDay : 0,
    ruleKey(settings),
  ];
  const { holdOutBy, folds } = settings;
  // What was learned before there were these settings had these values.
  if (holdOutBy !== "time" || folds > 0) key.push({ holdOutBy, folds });
  return JSON.stringify(key);
}

/** Whether two keys mean the same: an option at its default is as good as one that is not there. */
export function sameSettings(saved: string, settings: LearningSettings): boolean {
  const own = settingsKey(settings);
  return saved === own || filledIn(saved, settings) === filledIn(own, settings);
}

function filledIn(key: string, { task }: LearningSettings): string | undefined {
  try {
    const parts = JSON.parse(key) as unknown[];
    const { options } = chooseLearner(task, parts[1], parts[2] as object);
    return JSON.stringify([...parts.slice(0, 2), Object.entries(options).sort(), ...parts.slice(3)]);
  } catch {
    // Another task, a learner that is gone, or "auto", which has no options: the texts themselves say it.
    return key;
  }
}

/** Which frames are collected. */
export function ruleKey({ task, normal, classes, value }: LabelRule): string {
  if (task === "class") return JSON.stringify(["class", [...classes].sort()]);
  if (task === "value") return JSON.stringify(["value", value]);
  return JSON.stringify([[...normal.labels].sort(), normal.unlabelled]);
}
