import type { FlowNode } from "../lib/embedded-node-red.ts";
import type { Method, Unit } from "./dataset.ts";

/** More than the training files give: the flow learns when it is told to. */
const ALL_FRAMES = 20_000;

/**
 * The flow a person would wire: replay → window → features → learn / infer → alert, with the nodes' own defaults but for
 * what the data set asks for (one frame per minute, occupied hours only) and the threshold.
 */
export function buildFlow(unit: Unit, method: Method): FlowNode[] {
  return [
    { id: "model", type: "edge-model", config: true, model: unit.name.replaceAll(" ", "-") },
    {
      id: "replay",
      type: "edge-replay",
      labelColumn: unit.labelColumn,
      topic: unit.name,
      pace: "flow",
      wires: [["window"], ["end"]],
    },
    {
      id: "window",
      type: "edge-window",
      by: "samples",
      size: 1,
      sizeUnit: "samples",
      hop: 1,
      hopUnit: "samples",
      gateChannel: unit.gateChannel,
      gateIs: "=",
      gateValue: 1,
      gateSettle: 0,
      wires: [["features"]],
    },
    { id: "features", type: "edge-features", blocks: [{ block: "raw" }], wires: [["learn", "infer"]] },
    {
      id: "learn",
      type: "edge-learn",
      model: "model",
      method: method.learner,
      frames: ALL_FRAMES,
      falseAlarms: method.falseAlarmsPerDay,
      wires: [["report"]],
    },
    { id: "infer", type: "edge-infer", model: "model", wires: [["alert"]] },
    { id: "alert", type: "edge-alert", wires: [["alerts"], ["states"]] },
    ...["end", "report", "alerts", "states"].map((id) => ({ id, type: "evaluate-collector" })),
  ];
}
