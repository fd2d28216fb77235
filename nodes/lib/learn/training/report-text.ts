import type { ModelReference } from "../../frame/index.js";
import type { Manifest, ManifestThreshold } from "../../model/index.js";
import { brief, duration, firstOf, percent, plural } from "../words.js";

/** What is worth knowing of a model that was learned, in sentences; the warnings last. */
export function reportText(model: ModelReference, manifest: Manifest): string {
  const { training } = manifest;
  const parts = [
    opening(model, manifest),
    training.choice?.why,
    ...(manifest.task === "class" ? classes(manifest) : manifest.task === "value" ? values(manifest) : []),
    manifest.threshold && threshold(manifest.threshold),
    abnormal(manifest),
    crossValidation(manifest),
    ...training.warnings,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

function opening(model: ModelReference, { training, input, task, labels = [] }: Manifest): string {
  const features = input.names.length;
  const what =
    task === "anomaly"
      ? "what is normal"
      : task === "class"
        ? `${labels.length} classes (${firstOf(labels, 8)})`
        : `"${labels[0]}"`;
  return `Version ${model.version} of "${model.name}" learned ${what} from ${training.frames} frames of ${features} ${plural("feature", features)} (${duration(training.end - training.start)}).`;
}

function classes({ training, triggers }: Manifest): string[] {
  const { classes, holdOut } = training;
  if (!classes) return [];
  const { balancedAccuracy, accuracy, triggerRecall } = holdOut.metrics;
  const { temperature, errorBefore, errorAfter } = classes.calibration;
  const heldOut = `Of the ${holdOut.frames} frames held out it tells ${percent(accuracy ?? 0)} right (${percent(balancedAccuracy ?? 0)} on average over the classes; always saying "${classes.baseline.label}" is right in ${percent(classes.baseline.accuracy)}).`;
  const weakest = classes.perClass
    .filter(({ recall }) => recall !== null)
    .sort((a, b) => a.recall! - b.recall!)
    .at(0);
  return [
    heldOut,
    ...(weakest && weakest.recall! < 1
      ? [`It finds "${weakest.label}" least often: ${percent(weakest.recall!)} of its frames.`]
      : []),
    ...(triggers && triggerRecall !== undefined
      ? [
          `As a trigger it finds ${percent(triggerRecall)} of the examples that it had not learned from, and about ${brief(triggers.falseAlarmsPerHour)} false alarms are expected in an hour without one.`,
        ]
      : []),
    temperature === 1
      ? `Its probabilities are off by ${percent(errorAfter)} on average.`
      : `Its probabilities were made ${temperature > 1 ? "less" : "more"} sure (temperature ${brief(temperature)}): they were off by ${percent(errorBefore)} on average, and are now by ${percent(errorAfter)}.`,
  ];
}

function values({ training, interval }: Manifest): string[] {
  const { values, holdOut } = training;
  if (!values) return [];
  const baselines = values.baselines.map(
    ({ name, rmse }) =>
      `${brief(rmse)} ${name === "mean" ? "from always saying the mean" : "from saying the last value"}`,
  );
  return [
    `In the ${holdOut.frames} frames held out it is off by ${brief(values.rmse)} (root mean square), against ${baselines.join(" and ")}.`,
    ...(interval
      ? [
          `In ${percent(interval.confidence)} of the cases the true value lies between ${brief(Math.abs(interval.low))} ${interval.low > 0 ? "above" : "below"} and ${brief(Math.abs(interval.high))} ${interval.high < 0 ? "below" : "above"} what it says.`,
        ]
      : []),
  ];
}

function threshold({ value, falseAlarmsPerDay, expected, holdOut }: ManifestThreshold): string {
  const { frames, exceedances } = holdOut;
  const found = `${exceedances === 0 ? "None" : exceedances} of the ${frames} frames held out to set the threshold ${exceedances > 1 ? "score" : "scores"} above it: ${Number(value.toPrecision(4))}, set for ${falseAlarmsPerDay} false ${plural("alarm", falseAlarmsPerDay)} per day.`;
  if (!expected) return found;
  const { low, high, confidence, method, effectiveFrames } = expected;
  const range = low > 0 ? `${brief(low)} to ${brief(high)}` : `at most ${brief(high)}`;
  const how =
    method === "profile" ? "from the fitted tail" : `from as much as ${brief(effectiveFrames)} independent frames tell`;
  return `${found} With ${percent(confidence)} confidence there will be ${range} per day (${how}).`;
}

function abnormal({ training }: Manifest): string | undefined {
  if (!training.abnormal) return undefined;
  const { frames, found, auc, labels } = training.abnormal;
  const each = labels.map(({ label, frames, found }) => `${label} ${found} of ${frames}`);
  return `Of the ${frames} ${plural("frame", frames)} with the label of a fault, from which it did not learn, it finds ${found} (${firstOf(each, 8)}; AUC ${brief(auc)}).`;
}

function crossValidation({ training }: Manifest): string | undefined {
  const found = training.crossValidation;
  if (!found) return undefined;
  const { values, metric, mean, std, by } = found;
  const name = METRICS[metric] ?? metric;
  return `Cross-validation over ${values.length} parts by ${by}: ${name} ${brief(mean)} ± ${brief(std)}.`;
}

const METRICS: Record<string, string> = {
  balancedAccuracy: "balanced accuracy",
  rmse: "root mean squared error",
  falseAlarmsPerDay: "false alarms per day",
};
