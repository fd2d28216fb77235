export { buildFlow, type ChainSettings } from "./flow.ts";
export type { Outcome, Played, Round, RoundOutcome } from "./job.ts";
export { play } from "./play.ts";
