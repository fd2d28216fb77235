import type { LearningSettings } from "./learning-settings.js";
import { ruleKey, sameSettings } from "./learning-settings.js";
import type { SavedState } from "./saved-state.js";

/** How a learning begins. */
export interface Beginning {
  phase: SavedState["state"];
  /** The frames that are on disk are of no use. */
  isOtherRule: boolean;
  version?: string;
  fresh: number;
  trained: number;
}

/** Goes on as it was saved, or begins anew where the settings ask for another model. */
export function resume(saved: SavedState | undefined, settings: LearningSettings): Beginning {
  const { start, again } = settings;
  const first = start === "once" ? "collecting" : "idle";
  if (!saved) return { phase: first, isOtherRule: false, fresh: 0, trained: 0 };
  const { state, version, fresh, trained } = saved;
  const isOtherRule = saved.rule !== ruleKey(settings);
  const isDone = state === "learned" || state === "failed";
  if (isDone && !sameSettings(saved.settings, settings)) return { phase: first, isOtherRule, fresh: 0, trained: 0 };
  let phase = state;
  if (phase === "idle" && start === "once" && saved.start === "command") phase = "collecting";
  if (phase === "learned" && again) phase = "collecting";
  return { phase, isOtherRule, ...(version === undefined ? {} : { version }), fresh, trained };
}
