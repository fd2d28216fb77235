import type { BlockChoice, FilterChoice } from "../lib/dsp/index.js";

/** Settings of an edge-features node, checked. */
export interface FeaturesSettings {
  /** What each channel goes through first, in order. */
  filters: FilterChoice[];
  blocks: BlockChoice[];
}

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
      maxItems: 8,
      items: { type: "object", required: ["filter"], properties: { filter: { type: "string" } } },
      default: defaults.filters,
    },
    blocks: {
      type: "array",
      minItems: 1,
      maxItems: 16,
      items: { type: "object", required: ["block"], properties: { block: { type: "string" } } },
      default: defaults.blocks,
    },
  },
};
