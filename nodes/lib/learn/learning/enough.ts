import { MIN_FRAMES } from "../collect/collection.js";
import type { SavedRecording } from "../collect/recording.js";
import type { LearningSettings } from "./learning-settings.js";

/** What there is to learn from. */
export interface Found {
  phase: string;
  /** Frames; the most that there will ever be. */
  collected: number;
  limit: number;
  /** ms from the first sample to the last. */
  span: number;
  /** Frames of each class. */
  counts: readonly { label: string; count: number }[];
  /** Good frames since the last attempt to train. */
  fresh: number;
  /** Frames that the last successful training had; 0: there was none. */
  trained: number;
  /** The label that is being given to the frames that come. */
  recording: Readonly<SavedRecording> | undefined;
  /** It is time to learn again. */
  isDue: boolean;
}

/** How far it is to the next training. */
export type Progress =
  /** Frames, of how many. */
  | { frames: number; of: number }
  /** Frames of the class that has the fewest, of how many each must have. */
  | { fewest: number; each: number }
  /** ms of the frames' own time. */
  | { left: number }
  /** It hangs on the clock. */
  | { timed: true }
  /** When it is told to. */
  | { told: true };

/** Whether it is time to train, given what there is. */
export function isEnough(settings: LearningSettings, found: Found): boolean {
  const { again } = settings;
  const { phase, collected, fresh, trained, recording, isDue } = found;
  if (collected < MIN_FRAMES) return false;
  if (again?.by === "time" && isDue && trained > 0) return fresh > 0;
  // After a failure the same frames would fail again: a tenth more may not.
  if (phase === "failed" && fresh < Math.max(MIN_FRAMES, collected / 10)) return false;
  if (phase !== "failed" && trained > 0) {
    if (again) return again.by === "frames" && fresh >= trained;
    // More was recorded after a model was learned: it counts when the recording ends.
    return recording === undefined && fresh > 0;
  }
  // A recording that has an end is not cut short.
  if (recording?.until !== undefined || recording?.frames !== undefined) return false;
  return isAmount(settings, found) && hasClasses(settings, found);
}

function isAmount({ amount }: LearningSettings, { collected, limit, span, counts }: Found): boolean {
  if ("frames" in amount) return collected >= Math.min(amount.frames, limit);
  if ("duration" in amount) return span >= amount.duration;
  if ("each" in amount) return counts.every(({ count }) => count >= amount.each);
  return false;
}

/** Classes are told apart only where there are at least two, and all that were named. */
function hasClasses({ task, classes }: LearningSettings, { counts }: Found): boolean {
  return task !== "class" || counts.length >= Math.max(2, classes.length);
}

export function progressOf({ amount, again, classes }: LearningSettings, found: Found): Progress {
  const { phase, collected, limit, span, counts, fresh, trained } = found;
  if (phase !== "failed" && trained > 0 && again) {
    return again.by === "time" ? { timed: true } : { frames: fresh, of: trained };
  }
  if ("frames" in amount) return { frames: collected, of: Math.min(amount.frames, limit) };
  if ("duration" in amount) return { left: Math.max(0, amount.duration - span) };
  if ("told" in amount) return { told: true };
  const fewest = counts.length < Math.max(2, classes.length) ? 0 : Math.min(...counts.map(({ count }) => count));
  return { fewest, each: amount.each };
}
