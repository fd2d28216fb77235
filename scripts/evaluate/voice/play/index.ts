export type { Job, Outcome, TrackOutcome } from "./job.ts";
export { type Played, play } from "./play.ts";
