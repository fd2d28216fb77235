export { type ChainPlan, planChain } from "./chain.js";
export type { ChannelShape, Filter, FilterPlan } from "./filter.js";
export { chooseFilter, filters } from "./registry.js";
