import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

/** Four readings a minute of a machine whose third channel follows the first two. */
function reading(i: number, kind: "window" | "features", change = 0): Msg {
  const a = Math.sin(i * 1.7) + 0.3 * Math.sin(i * 12.9);
  const b = Math.cos(i * 0.9) + 0.3 * Math.sin(i * 7.3);
  const channels = ["air", "fan", "valve"];
  return {
    topic: "ahu",
    payload: Float32Array.of(20 + a, 100 + 10 * b, 5 + a + b + 0.05 * Math.sin(i * 31) + change),
    frame: {
      kind,
      shape: kind === "window" ? [1, 3] : [3],
      names: kind === "window" ? channels : channels.map((channel) => `${channel} mean`),
      stream: "ahu",
      seq: i,
      start: 1.7e12 + i * 15_000,
      end: 1.7e12 + i * 15_000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: {
        version: 1,
        window: { by: "samples", size: 1, hop: 1, channels, gap: { policy: "mark", limit: 0 } },
        ...(kind === "features" ? { features: [{ block: "flatten", version: 1, options: {} }] } : {}),
      },
    },
  };
}

describe("edge-learn and edge-infer", () => {
  it.each(["window", "features"] as const)("what is learned from frames of kind %s is used at once", async (kind) => {
    await runtime.deploy([
      { id: "model", type: "edge-model", config: true, model: `ahu-${kind}` },
      { id: `learn-${kind}`, type: "edge-learn", model: "model", frames: 300, wires: [["reports"]] },
      { id: "infer", type: "edge-infer", model: "model", wires: [["results"]] },
      { id: "reports", type: "test-sink" },
      { id: "results", type: "test-sink" },
    ]);
    for (let i = 0; i < 300; i++) runtime.send(`learn-${kind}`, reading(i, kind));
    const [report] = await runtime.receive("reports");
    let next = 300;
    await until(() => {
      runtime.send("infer", reading(next++, kind));
      return runtime.received("results").length > 0;
    }, "the first result");
    const usual = runtime.received("results")[0]!;
    expect(usual.model).toEqual(report!.payload.model);
    expect(usual.payload).toMatchObject({
      kind: "anomaly",
      threshold: report!.payload.threshold.value,
      anomalous: false,
    });

    runtime.send("infer", reading(next, kind, 3));
    await until(() => runtime.received("results").some((msg) => msg.frame.seq === next), "the broken one");
    const broken = runtime.received("results").find((msg) => msg.frame.seq === next)!.payload;
    expect(broken).toMatchObject({ anomalous: true, contributions: [{ channel: "valve" }, {}, {}] });
  });
});
