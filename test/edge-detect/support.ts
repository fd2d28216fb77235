import type { FlowNode, Msg } from "../support/runtime.ts";

/** A detect node whose output ends in a sink. */
export function detectFlow(settings: Msg = {}, id = "n"): FlowNode[] {
  return [
    { id, type: "edge-detect", detector: "robust-z", ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ];
}

/** Noise, the same numbers in every test: a sum of two that a hash makes of the index. */
export function noise(i: number): number {
  return hash(i) + hash(i + 7919) - 1;
}

/** 0 to 1 (the finaliser of MurmurHash3). */
function hash(i: number): number {
  let mixed = Math.imul(i + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

export const START = Date.UTC(2026, 0, 5);
export const reading = (payload: unknown, i: number, more: Msg = {}): Msg => ({
  topic: "pump",
  payload,
  timestamp: START + 1000 * i,
  ...more,
});
