import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { json } from "../support/sources.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

/** An example as it is imported: what has no place on the canvas is a tab or a config node. */
function example(name: string): FlowNode[] {
  return json<FlowNode[]>(`examples/${name}.json`).map((node) =>
    node.x === undefined ? { ...node, config: true } : node,
  );
}

/** What reached a node of the flow, a debug node for example. */
const reached = (id: string): Msg[] => runtime.completions(id).map(({ msg }) => msg);
const failures = () => runtime.completions().filter(({ error }) => error !== undefined);

describe("examples/replay-csv.json", () => {
  it("learns from the normal week by itself, and alerts on the day with the stuck damper", async () => {
    await runtime.deploy(example("replay-csv"));
    await until(() => reached("edgereplay0lre").length > 0, "a learning report", 30_000);
    await until(() => /^v1/.test(runtime.status("edgereplay0inf")?.text ?? ""), "the model is taken over");
    expect(reached("edgereplay0deb")).toEqual([]);

    await fetch(`${runtime.url}/inject/edgereplay0in2`, { method: "POST" });
    await until(() => reached("edgereplay0end").length > 1, "the end of the second file", 30_000);
    await until(() => reached("edgereplay0deb").length > 0, "an alert");
    const [alert] = reached("edgereplay0deb");
    // The damper sticks at ten.
    expect(alert!.payload).toMatchObject({ state: "raised", stream: "AHU-1" });
    const minutes = (alert!.payload.since - Date.UTC(2026, 0, 19, 10)) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(0);
    expect(minutes).toBeLessThanOrEqual(60);
    expect(alert!.payload.text).toMatch(/mixed air temperature|outdoor air damper|heating valve/);

    // The file says when the damper was stuck: the evaluation knows how good this was.
    await fetch(`${runtime.url}/inject/edgereplay0ask`, { method: "POST" });
    await until(() => reached("edgereplay0rep2").length > 0, "an evaluation", 10_000);
    const { payload: report } = reached("edgereplay0rep2")[0]!;
    expect(report).toMatchObject({
      task: "anomaly",
      alarmsOf: "alerts",
      alarms: { falseAlarms: 0, events: 1, found: 1 },
    });
    expect(report.curves.auc.value).toBeGreaterThan(0.95);
    expect(report.counts.unlabelled).toBe(0);
    expect(failures()).toEqual([]);
  }, 60_000);
});

describe("examples/hvac-anomaly.json", () => {
  it("learns, raises an alert when the button injects its fault, and clears it when it is mended", async () => {
    // Ten times as fast as imported; the browser test and a person see it at its own speed.
    const flow = example("hvac-anomaly").map((node) =>
      node.type === "edge-simulator" ? { ...node, speed: Number(node.speed) * 10 } : node,
    );
    await runtime.deploy(flow);
    await until(() => /^v1/.test(runtime.status("edgehvac0inf")?.text ?? ""), "a model in use", 60_000);
    const press = () =>
      fetch(`${runtime.url}/edge-simulator/edgehvac0sim`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });

    expect((await press()).ok).toBe(true);
    await until(() => reached("edgehvac0deb").some((msg) => msg.payload.state === "raised"), "an alert", 20_000);
    const raised = reached("edgehvac0deb").find((msg) => msg.payload.state === "raised")!;
    expect(raised.payload.text).toMatch(/mixed air temperature|outdoor air damper|heating valve/);

    expect((await press()).ok).toBe(true);
    await until(() => reached("edgehvac0deb").some((msg) => msg.payload.state === "cleared"), "the all-clear", 30_000);
    expect(failures()).toEqual([]);
  }, 150_000);
});

describe("examples/machine-vibration.json", () => {
  it("learns a healthy motor, and names the struck ring of its bearing, or the speed of its shaking", async () => {
    // Each message is a second of the sensor's own time, however fast they come.
    const flow = example("machine-vibration").map((node) =>
      node.type === "inject" && node.repeat === "1" ? { ...node, repeat: "0.02" } : node,
    );
    await runtime.deploy(flow);
    const press = (id: string) => fetch(`${runtime.url}/inject/${id}`, { method: "POST" });
    const alerts = (state: string) => reached("edgevibr0deb").filter((msg) => msg.payload.state === state);
    await until(() => /^v1/.test(runtime.status("edgevibr0inf")?.text ?? ""), "a model in use", 60_000);
    // Five minutes of a healthy motor.
    const scored = reached("edgevibr0ale").length;
    await until(() => reached("edgevibr0ale").length > scored + 300, "results of the healthy motor", 60_000);
    expect(alerts("raised")).toEqual([]);
    expect(runtime.status("edgevibr0zon")?.text).toMatch(/^1\.\d+ mm\/s, zone A$/);

    await press("edgevibr0bea");
    await until(() => alerts("raised").length > 0, "an alert of the bearing", 20_000);
    const [bearing] = alerts("raised");
    expect(bearing!.contributions[0]).toMatchObject({ channel: "acceleration", feature: "BPFO harmonic 1" });
    expect(bearing!.payload.text).toMatch(/^motor-1 is unusual: acceleration, BPFO harmonic 1 /);
    expect(runtime.status("edgevibr0zon")?.text).toMatch(/zone A$/);

    await press("edgevibr0fix");
    await until(() => alerts("cleared").length > 0, "the all-clear", 20_000);

    await press("edgevibr0wei");
    await until(() => alerts("raised").length > 1, "an alert of the imbalance", 20_000);
    expect(alerts("raised")[1]!.contributions[0]).toMatchObject({ feature: "velocity RMS" });
    await until(() => /zone C$/.test(runtime.status("edgevibr0zon")?.text ?? ""), "zone C", 5000);
    expect(failures()).toEqual([]);
  }, 150_000);
});

describe("examples/detect-load.json", () => {
  it("warms up on the gateway's own load, and alerts when the button makes Node-RED busy", async () => {
    // Twenty readings a second in place of one, so the wish is for readings in place of days: a machine that runs other
    // tests beside this one is often late.
    const flow = example("detect-load").map((node) => {
      if (node.type === "edge-detect") return { ...node, falseAlarmsPer: "readings" };
      if (node.id !== "edgeload0tic") return node;
      return { ...node, repeat: "0.05", props: [{ p: "every", v: "50", vt: "num" }] };
    });
    await runtime.deploy(flow);
    await until(() => reached("edgeload0det").length > 0, "a reading");
    const [reading] = reached("edgeload0det");
    expect(Object.keys(reading!.payload)).toEqual(["cpu_load", "free_memory", "delay"]);
    expect(reading!.payload.cpu_load).toBeGreaterThanOrEqual(0);
    expect(reading!.payload.cpu_load).toBeLessThanOrEqual(100);
    expect(reading!.payload.free_memory).toBeGreaterThan(0);
    expect(reading!.payload.delay).toBeGreaterThanOrEqual(0);
    await until(() => /anomalous|anomaly/.test(runtime.status("edgeload0det")?.text ?? ""), "the warm-up", 60_000);

    const raised = () => reached("edgeload0deb").filter((msg) => msg.payload.state === "raised");
    const before = raised().length;
    await fetch(`${runtime.url}/inject/edgeload0btn`, { method: "POST" });
    await until(() => raised().length > before, "an alert", 30_000);
    expect(raised().at(-1)!.payload.text).toMatch(/^gateway is unusual: .*(delay|cpu load)/);
    expect(failures()).toEqual([]);
  }, 120_000);
});
