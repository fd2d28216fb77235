import type { ModelReference } from "../../frame/index.js";
import type { Manifest, ManifestThreshold } from "../../model/index.js";

/** What edge-learn says of a model that it made. */
export interface LearningReport {
  model: ModelReference;
  method: string;
  /** ISO 8601. */
  created: string;
  /** Frames that it learned from. */
  frames: number;
  features: number;
  streams: string[];
  /** ms since 1970. */
  start: number;
  end: number;
  threshold: ManifestThreshold;
  holdOut: Manifest["training"]["holdOut"];
  warnings: string[];
  /** All of it in words. */
  text: string;
}

export function reportOf(model: ModelReference, manifest: Manifest): LearningReport {
  const { training, threshold, created } = manifest;
  if (threshold === undefined) throw new TypeError("An anomaly model has a threshold");
  return {
    model,
    method: training.method,
    created,
    frames: training.frames,
    features: manifest.input.names.length,
    streams: training.streams,
    start: training.start,
    end: training.end,
    threshold,
    holdOut: training.holdOut,
    warnings: training.warnings,
    text: sentence(model, manifest, threshold),
  };
}

function sentence(model: ModelReference, { training, input }: Manifest, threshold: ManifestThreshold): string {
  const { frames: holdOut, exceedances } = threshold.holdOut;
  const features = input.names.length;
  const parts = [
    `Version ${model.version} of "${model.name}" learned what is normal from ${training.frames} frames of ${features} ${plural("feature", features)} (${hours(training.end - training.start)}).`,
    `${exceedances === 0 ? "None" : exceedances} of the ${holdOut} frames held out to set the threshold ${exceedances > 1 ? "score" : "scores"} above it: ${Number(threshold.value.toPrecision(4))}, set for ${threshold.falseAlarmsPerDay} false ${plural("alarm", threshold.falseAlarmsPerDay)} per day.`,
  ];
  return [...parts, ...training.warnings].join(" ");
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

function hours(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ];
  const [size, unit] = units.find(([each]) => ms >= 2 * each) ?? [1, "ms"];
  return `${Number((ms / size).toPrecision(2))} ${unit}`;
}
