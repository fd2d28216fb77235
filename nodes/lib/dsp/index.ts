export {
  BLOCK_GROUPS,
  type Block,
  type BlockPlan,
  blocks,
  chooseBlock,
  type WindowMoment,
  type WindowShape,
} from "./blocks/index.js";
export { type BlockChoice, FeatureExtractor, type FilterChoice } from "./feature-extractor.js";
export { chooseFilter, type Filter, filters } from "./filters/index.js";
export { zoneOffsets } from "./math/time-zone.js";
export { type ChannelOptions, type Gate, type WindowCounts, Windower, type WindowOptions } from "./window/index.js";
