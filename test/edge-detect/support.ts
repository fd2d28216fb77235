import type { FlowNode, Msg } from "../support/runtime.ts";

/** A detect node whose output ends in a sink. */
export function detectFlow(settings: Msg = {}, id = "n"): FlowNode[] {
  return [
    { id, type: "edge-detect", detector: "robust-z", ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ];
}

/** Noise without chance: the same numbers in every test. */
export function noise(i: number): number {
  return Math.sin(12.9898 * i) + Math.sin(78.233 * i * i);
}

export const START = Date.UTC(2026, 0, 5);
export const reading = (payload: unknown, i: number, more: Msg = {}): Msg => ({
  topic: "pump",
  payload,
  timestamp: START + 1000 * i,
  ...more,
});
