import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../support/runtime.ts";
import { alertFlow, result } from "./support.ts";

let runtime: Runtime;
const userDir = mkdtempSync(join(tmpdir(), "edge-ml-corrupt-"));
const folder = join(userDir, "edge-ml", "alerts");
beforeAll(async () => {
  runtime = await startRuntime({ userDir });
});
afterAll(async () => {
  await runtime.stop();
  rmSync(userDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await runtime.deploy([]);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

const alert = { id: "a", severity: "warning", since: 0, acknowledged: false, told: 0 };
const corrupt: [string, string][] = [
  ["empty", ""],
  ["half of it", '{"format":1,"sequence":1,"streams":[{"stream":"AHU-1","ti'],
  ["zeros, as after a power cut", "\u0000".repeat(4096)],
  ["null", "null"],
  ["of another node", '{"hello":"world"}'],
  ["of the future", '{"format":2,"sequence":1,"streams":[]}'],
  [
    "an alert without an id",
    JSON.stringify({ format: 1, sequence: 1, streams: [{ stream: "a", time: 0, condition: { ...alert, id: 5 } }] }),
  ],
];

describe("a saved state that cannot be understood", () => {
  it.each(corrupt)("is set aside, said so, and the node starts anew: %s", async (_, content) => {
    writeFileSync(join(folder, "n.json"), content);
    await runtime.deploy(alertFlow());
    expect(runtime.log()).toHaveLength(1);
    expect(String(runtime.log()[0]!.msg)).toContain("EDGE_ML_STATE_CORRUPT");
    expect(readFileSync(join(folder, "n.json.corrupt"), "utf8")).toBe(content);
    expect(runtime.status("n")).toMatchObject({ fill: "blue", text: "waiting for results" });
    await runtime.sendAndWait("n", result(11));
    await runtime.receive("alerts");
    // What is saved from now on is found again.
    await runtime.deploy(alertFlow());
    expect(runtime.log()).toEqual([]);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "alert: AHU-1" });
  });

  it("is deleted with the node, too", async () => {
    writeFileSync(join(folder, "n.json"), "{");
    await runtime.deploy(alertFlow());
    await runtime.deploy([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("with __proto__ in it pollutes nothing", async () => {
    const stream = { stream: "__proto__", time: 0, condition: alert };
    const text = JSON.stringify({ format: 1, sequence: 1, streams: [stream] });
    writeFileSync(join(folder, "n.json"), text.replace('"format"', '"__proto__":{"polluted":1},"format"'));
    await runtime.deploy(alertFlow());
    expect(runtime.log()).toEqual([]);
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "alert: __proto__" });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
