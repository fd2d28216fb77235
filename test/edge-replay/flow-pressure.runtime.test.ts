import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Runtime, startRuntime } from "../support/runtime.ts";

const ROWS = 2000;
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ settings: { functionGlobalContext: { probe } } });
  const data = join(runtime.userDir, "edge-ml", "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "rows.csv"), `x\n${Array.from({ length: ROWS }, (_, i) => `${i}\n`).join("")}`);
});
afterAll(() => runtime.stop());

/** Counts what the slow function holds at once. */
const probe = { open: 0, most: 0 };

const slow = (id: string, wires: string[][]): FlowNode => ({
  id,
  type: "function",
  func: `const probe = global.get("probe");
    probe.most = Math.max(probe.most, ++probe.open);
    setTimeout(() => { probe.open--; node.send(msg); node.done(); }, 1);`,
  outputs: 1,
  wires,
});

const replay = (wires: string[][]): FlowNode => ({ id: "n", type: "edge-replay", file: "rows.csv", wires });
const sinks: FlowNode[] = [
  { id: "sink", type: "test-sink" },
  { id: "end", type: "test-sink" },
];

async function play(flow: FlowNode[]): Promise<void> {
  probe.open = 0;
  probe.most = 0;
  await runtime.deploy([...flow, ...sinks]);
  runtime.send("n", { payload: "start" });
  await runtime.receive("end", 1, 15_000);
}

describe("as fast as the flow takes them", () => {
  it("waits for a node that takes its time: no more than a batch is ever open", async () => {
    await play([replay([["slow"], ["end"]]), slow("slow", [["sink"]])]);
    expect(runtime.received("sink")).toHaveLength(ROWS);
    expect(probe.most).toBeGreaterThan(0);
    expect(probe.most).toBeLessThanOrEqual(64);
  });

  it("waits for a slow node behind others, also behind link nodes", async () => {
    await play([
      replay([["pass"], ["end"]]),
      { id: "pass", type: "change", rules: [], wires: [["out"]] },
      { id: "out", type: "link out", mode: "link", links: ["in"] },
      { id: "in", type: "link in", links: ["out"], wires: [["slow"]] },
      slow("slow", [["sink"]]),
    ]);
    expect(runtime.received("sink")).toHaveLength(ROWS);
    expect(probe.most).toBeLessThanOrEqual(64);
  });

  it("goes on after a while when a node never says that it is done", async () => {
    const never = { id: "never", type: "function", func: "if (msg.no) node.done(); return msg;", outputs: 1 };
    await play([replay([["never"], ["end"]]), { ...never, wires: [["sink"]] }]);
    expect(runtime.received("sink")).toHaveLength(ROWS);
  });

  it("does not wait for nodes that collect messages", async () => {
    await play([
      replay([["join"], ["end"]]),
      { id: "join", type: "join", mode: "custom", build: "array", count: String(ROWS), wires: [["sink"]] },
    ]);
    const [msg] = await runtime.receive("sink");
    expect(msg!.payload).toHaveLength(ROWS);
  });

  it("leaves no hooks behind", async () => {
    await play([replay([["sink"], ["end"]])]);
    await new Promise((done) => setTimeout(done, 50));
    // The harness keeps onComplete for itself.
    expect(runtime.RED.hooks.has("onSend")).toBe(false);
    expect(runtime.RED.hooks.has("onReceive")).toBe(false);
  });
});
