import type { Condition, DecideSettings } from "../lib/decide/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { type AlertSettings, labelList, schema } from "./config.js";

const readSettings = compileSettings<AlertSettings>(schema);

/**
 * What the dialog stored, as the library wants it: milliseconds, ratios, one condition.
 * @throws EdgeMlError EDGE_ML_SETTING naming the setting
 */
export function decideSettings(raw: object): DecideSettings {
  const settings = readSettings(relevant(raw as Record<string, unknown>));
  if (settings.needed > settings.among) {
    throw setting("needed", settings.needed, `at most ${settings.among}, of how many`);
  }
  return {
    condition: conditionOf(settings),
    smoothing: { method: settings.smoothing, size: settings.smoothingSize },
    needed: settings.needed,
    among: settings.among,
    raiseAfter: 1000 * settings.raiseAfter,
    clearRatio: settings.clearRatio / 100,
    clearAfter: 1000 * settings.clearAfter,
    refractory: 1000 * settings.refractory,
    severity: settings.severity,
    criticalFactor: settings.criticalFactor,
    noDataAfter: 1000 * settings.noDataAfter,
    remindEvery: 1000 * settings.remindEvery,
    streams: settings.streams,
  };
}

/** Without the settings that the dialog hides: what nobody sees is never wrong. */
function relevant(raw: Record<string, unknown>): object {
  const { when = "model", smoothing = "none", severity = "warning" } = raw;
  const hidden = new Set<string>();
  if (when !== "model") hidden.add("factor");
  if (when === "model" || when === "class") hidden.add("limit");
  if (when !== "class") for (const name of ["labels", "confidence"]) hidden.add(name);
  if (smoothing === "none") hidden.add("smoothingSize");
  if (severity !== "score") hidden.add("criticalFactor");
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !hidden.has(name)));
}

function conditionOf(settings: AlertSettings): Condition {
  switch (settings.when) {
    case "model":
      return { by: "model", factor: settings.factor };
    case "score":
      return { by: "score", threshold: limitOf(settings) };
    case "class": {
      const labels = labelList(settings.labels);
      if (labels.length === 0)
        throw setting("labels", settings.labels, "one or more classes, with commas between them");
      return { by: "class", labels, confidence: settings.confidence / 100 };
    }
    case "above":
    case "below":
      return { by: "value", name: settings.valueName.trim(), is: settings.when, limit: limitOf(settings) };
  }
}

function limitOf({ limit }: AlertSettings): number {
  // The schema lets the text "Infinity" pass as a number.
  if (limit === undefined || !Number.isFinite(limit)) throw setting("limit", limit, "a number");
  return limit;
}

function setting(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got: describe(got), expected });
}
