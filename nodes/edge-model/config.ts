/** Settings of an edge-model node, checked. */
export interface ModelSettings {
  /** The model's name in the store. */
  model: string;
}

export const defaults: ModelSettings = { model: "" };
