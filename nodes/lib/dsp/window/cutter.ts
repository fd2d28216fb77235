import type { WindowCounts } from "./counts.js";
import { EventCutter } from "./event-cutter.js";
import type { FrameMaker } from "./frame-maker.js";
import type { WindowPlan } from "./options.js";
import type { RowSink } from "./row.js";
import { SampleCutter } from "./sample-cutter.js";
import { TimeCutter } from "./time-cutter.js";

/** Decides where windows begin and end. */
export interface Cutter extends RowSink {
  /**
   * The stream's time has come so far: sends the windows that end at or before it.
   * @param hole ms: a window whose last sample lies further than this before its end is not sent
   */
  advance(time: number, hole: number): void;
  /** What was collected is left out: no window spans what happened. */
  interrupt(): void;
}

/** @throws EdgeMlError EDGE_ML_PAYLOAD when the trigger's channel is none of the window's */
export function cutterOf(plan: WindowPlan, maker: FrameMaker, counts: WindowCounts): Cutter {
  if (plan.trigger !== undefined) return new EventCutter(plan, plan.trigger, maker, counts);
  return plan.by === "samples" ? new SampleCutter(plan, maker) : new TimeCutter(plan, maker);
}
