/** A user directory that nothing can be written to: everything works, and says what will be lost. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { featureInfo } from "../support/infer-models.ts";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

let runtime: Runtime;
const escaped: unknown[] = [];
const onEscaped = (error: unknown) => escaped.push(error);
const userDir = mkdtempSync(join(tmpdir(), "edge-ml-test-"));

beforeAll(async () => {
  process.on("unhandledRejection", onEscaped);
  // Not by its permissions: root may write everywhere.
  writeFileSync(join(userDir, "edge-ml"), "a file where the folder should be");
  runtime = await startRuntime({ userDir });
});
afterAll(async () => {
  await runtime.stop();
  process.off("unhandledRejection", onEscaped);
  rmSync(userDir, { recursive: true, force: true });
});

const frame = (i: number): Msg => ({
  topic: "t",
  payload: Float32Array.of(1 + Math.sin(i), 2 + Math.cos(1.3 * i), 3 + Math.sin(0.7 * i), 4 + Math.cos(i * i)),
  frame: featureInfo({ seq: i, start: 60_000 * i, end: 60_000 * i + 59_000, stream: "t" }),
});

it("learning, alerts and replay go on, and each says once what it could not do", async () => {
  const flow = [
    { id: "m", type: "edge-model", config: true, model: "none" },
    { id: "learn", type: "edge-learn", model: "m", frames: 60, wires: [[]] },
    { id: "infer", type: "edge-infer", model: "m", wires: [[]] },
    { id: "alert", type: "edge-alert", needed: 1, among: 1, wires: [["alerts"], []] },
    { id: "replay", type: "edge-replay", wires: [[], []] },
    { id: "alerts", type: "test-sink" },
  ];
  await runtime.deploy(flow);
  for (let i = 0; i < 60; i++) {
    expect((await runtime.sendAndWait("learn", frame(i))).error).toBeUndefined();
    expect((await runtime.sendAndWait("infer", frame(i))).error).toBeUndefined();
  }
  const payload = { kind: "anomaly", score: 99, threshold: 10, anomalous: true };
  for (let i = 0; i < 3; i++)
    expect((await runtime.sendAndWait("alert", { topic: `t${i}`, payload })).error).toBeUndefined();
  expect(await runtime.receive("alerts", 3)).toHaveLength(3);
  expect((await runtime.sendAndWait("replay", { payload: { play: "none.csv" } })).error?.code).toBe(
    "EDGE_ML_FILE_READ",
  );

  const said = (id: string) =>
    runtime
      .log()
      .filter((entry) => entry.id === id)
      .map(
        ({ msg }) => /cannot be read|could not be saved|could not (?:read|write)/.exec(JSON.stringify(msg))?.[0] ?? msg,
      );
  await until(() => said("learn").length > 2 && said("alert").length > 1, "they said so");
  await new Promise((done) => setTimeout(done, 700));
  expect(said("alert")).toEqual(["cannot be read", "could not be saved"]);
  // What was collected, how far it is, and the model.
  expect(said("learn")).toEqual(["could not read", "could not write", "could not write"]);
  expect(runtime.status("learn")).toMatchObject({ fill: "red" });
  expect(runtime.status("infer")).toMatchObject({ fill: "blue" });
  await runtime.deploy(flow);
  await runtime.deploy([]);
  expect(escaped).toEqual([]);
});
