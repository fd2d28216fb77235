import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ExampleRecording, LEAD, SPEAK } from "../../nodes/lib/capture/example-recording.ts";
import { encodePcm16 } from "../../nodes/lib/sound/index.ts";
import { type FlowNode, type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { json } from "../support/sources.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const RATE = 16_000;
const id = (name: string) => `edgeownk0${name}`;
const reached = (name: string): Msg[] => runtime.completions(id(name)).map(({ msg }) => msg);
const press = (name: string) => fetch(`${runtime.url}/inject/${id(name)}`, { method: "POST" });
const status = (name: string) => runtime.status(id(name))?.text ?? "";

/** As it is imported, but for the microphone, which waits: this machine need not have one. */
const flow = json<FlowNode[]>("examples/own-keyword.json").map((node) => ({
  ...node,
  ...(node.x === undefined ? { config: true } : {}),
  ...(node.type === "edge-microphone" ? { begin: "command" } : {}),
}));

/** A "word" that nobody says: two gliding tones, a little different each time, in a quiet room. */
function word(variant: number): Float32Array {
  const begin = (LEAD + 0.5 + 0.02 * variant) * RATE;
  const length = (0.55 + 0.01 * variant) * RATE;
  let phase = 0;
  return Float32Array.from({ length: (LEAD + SPEAK) * RATE }, (_, i) => {
    const room = 0.0005 * Math.sin(i * 12.9898) * Math.cos(i * 4.1414);
    const at = (i - begin) / length;
    if (at < 0 || at >= 1) return room;
    const glide = at < 0.5 ? 400 + 1600 * at : 2400 - 3000 * (at - 0.5);
    phase += (2 * Math.PI * glide * (1 + 0.01 * variant)) / RATE;
    return room + (0.1 + 0.01 * variant) * (Math.sin(phase) + 0.4 * Math.sin(2 * phase));
  });
}

function example(variant: number): Msg {
  const recording = new ExampleRecording();
  recording.add({ pcm: encodePcm16(word(variant)), rate: RATE, channels: 1, timestamp: 1e12 + 10_000 * variant });
  const { pcm, label, rate, timestamp, id: topic } = recording.example(`glide ${variant}`, "glide", 1.215);
  return { topic, payload: pcm, label, rate, timestamp };
}

describe("examples/own-keyword.json", () => {
  it("learns a word from a dozen examples and the background of the network, and tells it", async () => {
    await runtime.deploy(flow);
    // The network came with the package: nobody uploaded it.
    await until(() => status("emb").startsWith("v1"), "the bundled network is in use", 20_000);
    await press("in1");
    await until(() => reached("lea").length > 0, "it collects");
    await press("in2");
    const came = (label: string) => reached("lea").filter(({ frame }) => frame?.label === label).length;
    await until(() => came("none") >= 500, "the background", 10_000);
    for (let i = 0; i < 12; i++) {
      expect((await runtime.sendAndWait(id("win"), example(i))).error).toBeUndefined();
    }
    await until(() => came("glide") === 12 * 8, "eight frames of each example", 10_000);
    await press("in3");
    await until(() => reached("lre").length > 0, "a learning report", 30_000);
    const { payload: report } = reached("lre")[0]!;
    expect(report).toMatchObject({ task: "class", labels: ["glide", "none"], holdOut: { by: "stream" } });
    expect(report.holdOut.streams.some((stream: string) => stream.startsWith("glide"))).toBe(true);
    expect(report.holdOut.metrics.triggerRecall).toBeGreaterThan(0.9);
    expect(report.text).toContain("As a trigger it finds");
    // Windows of one example are in one part only: there is nothing to warn of.
    expect(report.warnings.join(" ")).not.toMatch(/overlap|share readings|one stream/);

    await until(() => status("inf").startsWith("v1"), "what was learned is in use", 10_000);
    const sound = word(20);
    const speak = async (samples: Float32Array, topic: string) => {
      for (let at = 0; at < samples.length; at += 800) {
        const payload = encodePcm16(samples.subarray(at, at + 800));
        await runtime.sendAndWait(id("win"), { topic, payload, rate: RATE, timestamp: 2e12 + (1000 * at) / RATE });
      }
    };
    await speak(new Float32Array(3 * RATE), "silence");
    await speak(sound, "microphone");
    await until(() => reached("deb").length > 0, "the word is told");
    const [alert] = reached("deb");
    expect(alert!.payload).toMatchObject({ state: "raised", stream: "microphone", label: "glide" });
    expect(reached("deb")).toHaveLength(1);
    expect(runtime.completions().filter(({ error }) => error !== undefined)).toEqual([]);
  }, 90_000);

  it("is harmless without a microphone: the node says what is missing, and nothing else happens", async () => {
    const missing = { source: "command", command: "/nowhere/recorder", begin: "deploy" };
    await runtime.deploy(flow.map((node) => (node.type === "edge-microphone" ? { ...node, ...missing } : node)));
    await until(() => runtime.log().some((entry) => entry.id === id("mic")), "it says so", 20_000);
    expect(reached("deb")).toEqual([]);
    expect(status("mic")).not.toBe("");
  }, 30_000);
});
