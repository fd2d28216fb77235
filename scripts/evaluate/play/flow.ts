import type { FlowNode } from "../../lib/embedded-node-red.ts";

/** More than any training file gives: the flow learns when it is told to. */
const ALL_FRAMES = 20_000;

/** What a benchmark sets of each node; everything else is at its default. */
export interface ChainSettings {
  replay: object;
  window: object;
  features: object;
  learn: object;
  /** Given: the results go on to edge-alert, with these settings. */
  alert?: object;
}

/** The flow a person would wire: replay → window → features → learn / infer [→ alert]. */
export function buildFlow({ replay, window, features, learn, alert }: ChainSettings): FlowNode[] {
  const node = (type: string, settings: object, wires: string[][]): FlowNode => ({
    id: type.replace("edge-", ""),
    type,
    ...settings,
    wires,
  });
  return [
    { id: "model", type: "edge-model", config: true, model: "evaluated" },
    node("edge-replay", { pace: "flow", ...replay }, [["window"], ["end"]]),
    node("edge-window", window, [["features"]]),
    node("edge-features", features, [["learn", "infer"]]),
    node("edge-learn", { model: "model", frames: ALL_FRAMES, ...learn }, [["report"]]),
    node("edge-infer", { model: "model" }, [[alert ? "alert" : "results"]]),
    ...(alert ? [node("edge-alert", alert, [["alerts"], ["results"]])] : []),
    { id: "catch", type: "catch", scope: null, uncaught: false, wires: [["errors"]] },
    ...["end", "report", "alerts", "results", "errors"].map((id) => ({ id, type: "evaluate-collector" })),
  ];
}
