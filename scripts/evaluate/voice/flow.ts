import type { Manifest } from "../../../nodes/lib/index.ts";
import type { FlowNode } from "../../lib/embedded-node-red.ts";

/** What differs from a run to another. */
export interface FlowSettings {
  /** Of edge-window, beside what the recipe says: the sound gate. */
  window?: object;
  alert: object;
  /** The type of the node that gets what comes out. */
  collector?: string;
}

/** The flow of a voice trigger (the bundle is in the store under its own name), with the windows and features that the bundle was made for: sound → … → edge-alert. */
export function buildFlow(
  { name, input: { recipe } }: Manifest,
  { window = {}, alert, collector = "evaluate-collector" }: FlowSettings,
): FlowNode[] {
  const { size, hop, channels, resample } = recipe.window!;
  return [
    { id: "model", type: "edge-model", config: true, model: name },
    {
      id: "window",
      type: "edge-window",
      by: "samples",
      size,
      sizeUnit: "samples",
      hop,
      hopUnit: "samples",
      // "value" is what a channel without a name is called.
      channels: channels.length === 1 && channels[0] === "value" ? [] : channels.map((channel) => ({ channel })),
      rate: resample ? (recipe.window!.rate ?? 0) : 0,
      ...window,
      wires: [["features"]],
    },
    {
      id: "features",
      type: "edge-features",
      filters: (recipe.filters ?? []).map(({ filter, options }) => ({ filter, ...options })),
      blocks: (recipe.features ?? []).map(({ block, options }) => ({ block, ...options })),
      wires: [["infer"]],
    },
    // Sound comes much faster than it was spoken: frames may have to wait.
    { id: "infer", type: "edge-infer", model: "model", queueLimit: 10_000, wires: [["alert"]] },
    { id: "alert", type: "edge-alert", ...alert, wires: [["collector"], ["collector"]] },
    { id: "collector", type: collector },
  ];
}
