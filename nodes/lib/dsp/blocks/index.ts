export type { Block, BlockPlan, WindowMoment, WindowShape } from "./block.js";
export { blocks, chooseBlock } from "./registry.js";
