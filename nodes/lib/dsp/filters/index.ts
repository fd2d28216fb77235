export { type ChainPlan, planChain } from "./chain.js";
export type { Filter } from "./filter.js";
export { chooseFilter, filters } from "./registry.js";
