import type { BlockChoice } from "../lib/dsp/index.js";

/** Settings of an edge-features node, checked. */
export interface FeaturesSettings {
  blocks: BlockChoice[];
}

export const defaults: FeaturesSettings = {
  blocks: [{ block: "flatten" }],
};

/** JSON schema of the settings; each block checks its own options. */
export const schema = {
  type: "object",
  required: ["blocks"],
  properties: {
    blocks: {
      type: "array",
      minItems: 1,
      maxItems: 16,
      items: { type: "object", required: ["block"], properties: { block: { type: "string" } } },
      default: defaults.blocks,
    },
  },
};
