import type { NormalRule } from "./collect/normal.js";

/** What to learn, and how. */
export interface LearningSettings {
  /** The model's name. */
  model: string;
  method: string;
  options: Record<string, unknown>;
  /** So many frames, or so many ms of the frames' own time. */
  amount: { frames: number } | { duration: number };
  /** The share, 0..1, that is held out. */
  holdOut: number;
  falseAlarmsPerDay: number;
  normal: NormalRule;
  start: "once" | "command";
  /** Keep the latest frames, and learn again after as many new ones. */
  again: boolean;
  madeBy: { name: string; version: string };
}

/** The commands of `msg.learn`. */
export const COMMANDS = ["start", "stop", "train", "reset"] as const;
export type LearningCommand = (typeof COMMANDS)[number];

/** The settings that make another model of the same frames, or take more of them. */
export function settingsKey(settings: LearningSettings): string {
  const { model, method, options, amount, holdOut, falseAlarmsPerDay } = settings;
  return JSON.stringify([model, method, options, amount, holdOut, falseAlarmsPerDay, ruleKey(settings)]);
}

/** Which frames count as normal. */
export function ruleKey({ normal }: LearningSettings): string {
  return JSON.stringify([[...normal.labels].sort(), normal.unlabelled]);
}
