import type { FrameKernel, FramePlan } from "./frame-plan.js";
import { TypeScriptKernel } from "./typescript-kernel.js";
import { WasmKernel } from "./wasm-kernel.js";

export type { FilterBank, FrameKernel, FramePlan } from "./frame-plan.js";

/** The fastest kernel of this machine for a plan: WebAssembly, or TypeScript where the plan or the machine is not for it. */
export function frameKernel(plan: FramePlan): FrameKernel {
  return WasmKernel.for(plan) ?? new TypeScriptKernel(plan);
}
