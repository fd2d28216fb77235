import type { Condition, DecideSettings, KeywordCondition } from "../lib/decide/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings } from "../lib/frame/index.js";
import { type AlertSettings, keywordDefaults, labelList, schema } from "./config.js";
import { parseThresholds } from "./keyword-thresholds.js";

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
    smoothing: { method: methodOf(settings), size: settings.smoothingSize },
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
function relevant(stored: Record<string, unknown>): object {
  const raw = stored.when === "keyword" ? { ...keywordDefaults, ...stored } : stored;
  const { when = "model", smoothing = "none", severity = "warning" } = raw;
  const hidden = new Set<string>();
  if (when !== "model") hidden.add("factor");
  if (when === "model" || when === "class" || when === "keyword") hidden.add("limit");
  if (when !== "class") hidden.add("confidence");
  if (when !== "class" && when !== "keyword") hidden.add("labels");
  if (when !== "keyword") for (const name of ["thresholds", "uncertainRatio", "tellOver"]) hidden.add(name);
  else hidden.add("remindEvery");
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
    case "keyword":
      return keywordsOf(settings);
    case "above":
    case "below":
      return { by: "value", name: settings.valueName.trim(), is: settings.when, limit: limitOf(settings) };
  }
}

function keywordsOf({ labels: list, thresholds: text, uncertainRatio, tellOver }: AlertSettings): KeywordCondition {
  const labels = new Set(labelList(list));
  const thresholds = parseThresholds(text);
  if (thresholds === undefined) {
    throw setting(
      "thresholds",
      text,
      'a number from 0 to 1, or words with one each, such as "jarvis 0.8, snowboy 0.65"',
    );
  }
  for (const label of thresholds.own.keys()) {
    if (labels.size > 0 && !labels.has(label)) throw setting("thresholds", label, "a word of the list");
  }
  return {
    by: "keyword",
    labels,
    thresholds: thresholds.own,
    ...(thresholds.all === undefined ? {} : { threshold: thresholds.all }),
    uncertainRatio: uncertainRatio / 100,
    tellOver,
  };
}

/** What the model says of smoothing is about keywords. */
function methodOf({ when, smoothing }: AlertSettings): AlertSettings["smoothing"] {
  return smoothing === "model" && when !== "keyword" ? "none" : smoothing;
}

function limitOf({ limit }: AlertSettings): number {
  // The schema lets the text "Infinity" pass as a number.
  if (limit === undefined || !Number.isFinite(limit)) throw setting("limit", limit, "a number");
  return limit;
}

function setting(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field, got: describe(got), expected });
}
