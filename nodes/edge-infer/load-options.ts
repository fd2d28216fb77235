import { describe, EdgeMlError } from "../lib/errors/index.js";
import type { LoadOptions } from "../lib/infer/index.js";
import { parseClassThresholds, parseLabels } from "./class-list.js";
import type { InferSettings } from "./config.js";

/**
 * How a node's settings say that a model's outputs become results.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function loadOptions(settings: InferSettings): LoadOptions {
  const { classThresholds: text, labels, output, task, softmax, order, top } = settings;
  const classThresholds = parseClassThresholds(text);
  if (classThresholds === undefined) {
    const expected = 'names with a confidence between 0 and 1, such as "spin 0.8, shake 0.6"';
    throw new EdgeMlError("EDGE_ML_SETTING", { field: "classThresholds", got: describe(text), expected });
  }
  const options: LoadOptions = {
    uncertainBelow: settings.uncertainBelow,
    contributions: settings.contributions,
    labels: parseLabels(labels),
    lowIsStrange: settings.strange === "low",
    classThresholds,
    task,
    softmax,
    order,
    top,
    embedding: settings.embedding,
  };
  // Together they hold the event loop as long as four models may alone.
  if (settings.agree > 4) options.maxProcessMs = 4 / settings.agree;
  if (output.trim() !== "") options.output = output.trim();
  if (settings.thresholdFrom === "own" && settings.threshold !== undefined) options.threshold = settings.threshold;
  return options;
}
