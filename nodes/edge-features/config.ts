import type { BlockChoice, FilterChoice } from "../lib/dsp/index.js";

/** Settings of an edge-features node, checked. */
export interface FeaturesSettings {
  /** What each channel goes through before the blocks, in order. */
  filters: FilterChoice[];
  blocks: BlockChoice[];
}

export const MAX_FILTERS = 8;
export const MAX_BLOCKS = 16;

export const defaults: FeaturesSettings = {
  filters: [],
  blocks: [{ block: "flatten" }],
};

/** JSON schema of the settings; each filter and block checks its own options. */
export const schema = {
  type: "object",
  required: ["blocks"],
  properties: {
    filters: {
      type: "array",
      maxItems: MAX_FILTERS,
      items: { type: "object", required: ["filter"], properties: { filter: { type: "string" } } },
      default: defaults.filters,
    },
    blocks: {
      type: "array",
      minItems: 1,
      maxItems: MAX_BLOCKS,
      items: { type: "object", required: ["block"], properties: { block: { type: "string" } } },
      default: defaults.blocks,
    },
  },
};
