export {
  BLOCK_GROUPS,
  type Block,
  type BlockPlan,
  limitFeatures,
  type WindowMoment,
  type WindowShape,
} from "./block.js";
export { blocks, chooseBlock } from "./registry.js";
