import type { FlowNode, Msg } from "../support/runtime.ts";

/** An alert node whose two outputs end in sinks; raises and clears at once unless told otherwise. */
export function alertFlow(settings: Msg = {}, id = "n"): FlowNode[] {
  const plain = { needed: 1, among: 1, clearRatio: 100, clearAfter: 0, noDataAfter: 0 };
  return [
    { id, type: "edge-alert", ...plain, ...settings, wires: [["alerts"], ["states"]] },
    { id: "alerts", type: "test-sink" },
    { id: "states", type: "test-sink" },
  ];
}

/** A result message, as edge-infer sends it: an anomaly score against the limit 10. */
export function result(score: number | null, seconds = 0, more: Msg = {}): Msg {
  const quality = { ok: score !== null, reasons: score === null ? ["missing: a_b"] : [], missing: 0, filled: 0 };
  return {
    topic: "AHU-1",
    payload:
      score === null
        ? { kind: "anomaly", score, quality }
        : { kind: "anomaly", score, threshold: 10, anomalous: score > 10 },
    model: { name: "ahu", version: "3", sha256: "ab" },
    frame: { stream: "AHU-1", end: 1000 * seconds, quality },
    ...more,
  };
}
