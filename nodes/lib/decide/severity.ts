import type { Severity } from "../frame/index.js";
import { isBeyond, type Limit, scaled } from "./limits.js";
import type { DecideSettings } from "./settings.js";

const ORDER: readonly Severity[] = ["info", "warning", "critical"];

/** The severity of a score beyond the limit: the fixed one, or critical beyond limit × factor and else a warning. */
export function severityOf(
  settings: Pick<DecideSettings, "severity" | "criticalFactor">,
  score: number,
  limit: Limit,
): Severity {
  if (settings.severity !== "score") return settings.severity;
  return isBeyond(score, scaled(limit, settings.criticalFactor)) ? "critical" : "warning";
}

export function isWorse(a: Severity, b: Severity): boolean {
  return ORDER.indexOf(a) > ORDER.indexOf(b);
}
