export type { Block, BlockPlan, WindowShape } from "./block.js";
export { blocks, chooseBlock } from "./registry.js";
