import { featureNames } from "../collect/features.js";
import type { JournalHeader } from "../collect/journal-format.js";
import type { FrameBatch, TrainingRequest } from "../training/request.js";
import type { LearningSettings } from "./learning-settings.js";

/** The same frames and settings give the same model. */
const SEED = 1;

/**
 * What a training is asked for: the settings, and the frames that were collected.
 * @param abnormal labels of those that are not learned from
 */
export function trainingRequest(
  settings: LearningSettings,
  common: JournalHeader,
  frames: FrameBatch,
  abnormal: string[],
): TrainingRequest {
  const { model, task, method, options, holdOut, holdOutBy, folds, falseAlarmsPerDay, value, limits, madeBy } =
    settings;
  const { names, channels } = featureNames({ ...common, names: common.frameNames });
  return {
    model,
    task,
    method,
    options,
    holdOut,
    holdOutBy,
    folds,
    falseAlarmsPerDay,
    ...(abnormal.length > 0 ? { abnormal } : {}),
    ...(value ? { value } : {}),
    limits,
    names,
    channels,
    recipe: common.recipe,
    frames,
    seed: SEED,
    madeBy,
  };
}
