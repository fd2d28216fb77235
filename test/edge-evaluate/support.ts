import type { FlowNode, Msg } from "../support/runtime.ts";

/** An evaluate node whose two outputs end in sinks. */
export function evaluateFlow(settings: Msg = {}, id = "n"): FlowNode[] {
  const sink = (name: string) => (id === "n" ? name : `${id}-${name}`);
  return [
    { id, type: "edge-evaluate", ...settings, wires: [[sink("reports")], [sink("csv")]] },
    { id: sink("reports"), type: "test-sink" },
    { id: sink("csv"), type: "test-sink" },
  ];
}

/** A result of a minute, as edge-infer sends it: an anomaly score against the limit 5. @param label null for none */
export function scored(minute: number, score: number | null, label: string | null = "normal"): Msg {
  const quality = { ok: score !== null, reasons: score === null ? ["missing: a"] : [], missing: 0, filled: 0 };
  return {
    payload:
      score === null
        ? { kind: "anomaly", score, quality }
        : { kind: "anomaly", score, threshold: 5, anomalous: score > 5 },
    frame: {
      stream: "AHU-1",
      end: Date.UTC(2026, 0, 12) + 60_000 * minute,
      quality,
      ...(label === null ? {} : { label }),
    },
  };
}

/** So many minutes: some without a score, some without a label, a fault in the second third, and a few false peaks. */
export function week(count: number): Msg[] {
  return Array.from({ length: count }, (_, i) => {
    const fault = i >= count / 3 && i < (2 * count) / 3;
    const label = i > 0.95 * count ? null : fault ? "damper stuck" : "normal";
    if (i % 50 === 49) return scored(i, null, label);
    const height = fault ? ((i * 7) % 11) / 2 + 3 : i % 97 === 96 ? 6 : 1 + ((i * 13) % 10) / 4;
    return scored(i, height, label);
  });
}
