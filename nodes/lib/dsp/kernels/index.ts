import type { FrameKernel, FramePlan } from "./frame-plan.js";
import { TypeScriptKernel } from "./typescript-kernel.js";

export type { FilterBank, FrameKernel, FramePlan } from "./frame-plan.js";

/** The fastest kernel of this machine for a plan. */
export function frameKernel(plan: FramePlan): FrameKernel {
  return new TypeScriptKernel(plan);
}
