import type { FlowNode } from "../../lib/embedded-node-red.ts";

/** The detectors at the defaults of their dialogs; the series' times are without a zone, and read as UTC. */
export const candidates: { detector: string; options: object }[] = [
  { detector: "knn", options: {} },
  { detector: "robust-z", options: {} },
  { detector: "ewma", options: {} },
  { detector: "cusum", options: {} },
  { detector: "seasonal", options: { timeZone: "UTC" } },
  { detector: "matrix-profile", options: {} },
  { detector: "half-space-trees", options: {} },
];

/**
 * Readings after a detection that are not marked: a tenth of the usual length of a series is its windows, and of the
 * shorter series that is about this.
 */
export const PAUSE = 150;

/** Of each detector a node without a pause, whose scores the benchmark's rule is applied to, and one with the pause. */
export function buildFlow(): FlowNode[] {
  const nodes = candidates.flatMap(({ detector, options }) =>
    [0, PAUSE].map((pause): FlowNode => {
      const id = idOf(detector, pause);
      return { id, type: "edge-detect", detector, options, pause, wires: [[`${id} results`]] };
    }),
  );
  return [
    {
      id: "replay",
      type: "edge-replay",
      timeColumn: "timestamp",
      time: "column",
      columns: ["value"],
      wires: [nodes.map(({ id }) => id), ["end"]],
    },
    ...nodes,
    ...nodes.map(({ id }) => ({ id: `${id} results`, type: "evaluate-collector" })),
    { id: "end", type: "evaluate-collector" },
  ];
}

export function idOf(detector: string, pause: number): string {
  return `${detector} ${pause > 0 ? "with" : "without"} pause`;
}
