import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { json, text } from "../support/sources.ts";

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

/** Sound as fast as the flow takes it; the browser and a person hear it at its own speed. */
const fast = (flow: FlowNode[]): FlowNode[] =>
  flow.map((node) => (node.type === "edge-replay" ? { ...node, pace: "flow" } : node));

const reached = (id: string): Msg[] => runtime.completions(id).map(({ msg }) => msg);
const failures = () => runtime.completions().filter(({ error }) => error !== undefined);
const press = (id: string) => fetch(`${runtime.url}/inject/${id}`, { method: "POST" });

describe("examples/voice-trigger.json", () => {
  /** What is said in the recording, in seconds from its beginning. */
  const spoken = text("examples/recordings/voice-trigger_labels.csv")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","))
    .map(([start, end, label]) => ({ start: Number(start), end: Number(end), label }));

  it("hears the keywords of the recording and nothing else, and sends the sound around them", async () => {
    await runtime.deploy(fast(example("voice-trigger")));
    await until(() => /^v/.test(runtime.status("edgevoice0inf")?.text ?? ""), "the model that comes with the package");
    await press("edgevoice0in");
    await until(() => /^done/.test(runtime.status("edgevoice0rep")?.text ?? ""), "the end of the recording", 30_000);
    await until(() => reached("edgevoice0say").length >= spoken.length, "the sound around the words", 10_000);

    const alerts = reached("edgevoice0deb").map(({ payload }) => payload);
    expect(alerts.map(({ state, label }) => `${state} ${label}`)).toEqual(spoken.map(({ label }) => `raised ${label}`));
    // A window ends with the word, or up to half a second behind it.
    const began = reached("edgevoice0win")[0]!.timestamp as number;
    for (const [i, { start, end }] of spoken.entries()) {
      const since = (alerts[i].since - began) / 1000;
      expect(since).toBeGreaterThan(start + 0.3);
      expect(since).toBeLessThan(end + 0.5);
    }
    for (const clip of reached("edgevoice0say")) {
      expect(clip.payload.subarray(0, 4).toString("latin1")).toBe("RIFF");
      expect(clip.duration).toBeCloseTo(5, 1);
      expect(clip.complete).toBe(true);
    }
    expect(failures()).toEqual([]);
  }, 60_000);
});

describe("examples/voice-microphone.json", () => {
  it("says how its microphone is, or what is missing, and harms nothing", async () => {
    await runtime.deploy(example("voice-microphone"));
    await until(() => /^v/.test(runtime.status("edgevomic0inf")?.text ?? ""), "the model that comes with the package");
    await until(() => (runtime.status("edgevomic0mic")?.text ?? "") !== "", "a status of the microphone");
    expect(reached("edgevomic0deb")).toEqual([]);
    expect(failures()).toEqual([]);
  }, 30_000);
});

describe("examples/sound-alarm.json", () => {
  it("learns the sounds of a recording, and names what happens in three that it has not heard", async () => {
    await runtime.deploy(fast(example("sound-alarm")));
    await press("edgesound0in1");
    await until(() => reached("edgesound0lre").length > 0, "a learning report", 60_000);
    const learned = reached("edgesound0lre")[0]!.payload;
    expect(learned).toMatchObject({
      task: "class",
      labels: ["glass", "machine", "normal", "smoke alarm"],
      warnings: [],
    });
    expect(learned.holdOut.metrics.balancedAccuracy).toBeGreaterThan(0.8);
    await until(() => /^v1/.test(runtime.status("edgesound0inf")?.text ?? ""), "the model is taken over");
    // What was played to learn from went by the new model, or none: only what comes now counts.
    const before = reached("edgesound0deb").length;
    const alarms = () => reached("edgesound0deb").slice(before);
    const raised = () => alarms().filter(({ payload }) => payload.state === "raised");
    for (const [i, [button, label]] of [
      ["edgesound0in2", "smoke alarm"],
      ["edgesound0in3", "glass"],
      ["edgesound0in4", "machine"],
    ].entries()) {
      await press(button!);
      await until(() => alarms().length > 2 * i + 1, `the alarm of ${label}, and its end`, 20_000);
      expect(raised().map(({ payload }) => payload.label)[i]).toBe(label);
    }
    expect(alarms().map(({ payload }) => payload.state)).toEqual(Array(3).fill(["raised", "cleared"]).flat());
    expect(failures()).toEqual([]);
  }, 120_000);
});
