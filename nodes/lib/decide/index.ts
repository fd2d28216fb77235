export type { AlertEvent, AlertEventName, RaisedAlert } from "./alert-event.js";
export { duration, humanise } from "./alert-text.js";
export { Decider, type Decision, MAX_STEP_BACK, type StreamState } from "./decider.js";
export { type Observation, observe, type Signal, type Unscored } from "./observation.js";
export { readSavedAlerts, type SavedAlerts, type SavedStream } from "./saved-state.js";
export type { Condition, DecideSettings, KeywordCondition } from "./settings.js";
