/** From a replayed file through window and alert: the clip holds the sound that the alert is of, to the sample. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeWav } from "../../nodes/lib/sound/index.ts";
import { type Runtime, startRuntime } from "../support/runtime.ts";

const RATE = 16_000;
const T0 = Date.UTC(2026, 0, 1);
/** s, in a file of 8 s with noise of its own in every place. */
const BEEP = 3;
let seed = 1;
const noise = () => {
  seed = (seed * 48271) % 0x7fffffff;
  return seed / 0x7fffffff - 0.5;
};
const samples = Float32Array.from({ length: 8 * RATE }, (_, i) => {
  const beep = i >= BEEP * RATE && i < (BEEP + 0.3) * RATE ? 0.5 * Math.sin((2 * Math.PI * 1000 * i) / RATE) : 0;
  // Never -0, which PCM does not know.
  return Math.round(32768 * (0.02 * noise() + beep)) / 32768 + 0;
});

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
  const data = join(runtime.userDir, "edge-ml", "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, "beep.wav"), writeWav(samples, RATE));
});
afterAll(() => runtime.stop());

const LOUD = `
  const { payload, frame } = msg;
  const rms = Math.sqrt(payload.reduce((sum, value) => sum + value * value, 0) / payload.length);
  return { payload: { kind: "anomaly", score: rms, threshold: 0.1, anomalous: rms > 0.1 }, frame, topic: msg.topic };
`;

// An alert outlives a deploy of its node: each case has one of its own.
it.each([
  ["as fast as the flow takes it", { pace: "flow" }],
  ["at 20 × real time", { pace: "time", speed: 20 }],
])("%s", async (_, pace) => {
  const alert = `alert-${pace.pace}`;
  await runtime.deploy([
    {
      id: "replay",
      type: "edge-replay",
      ...{ file: "beep.wav", topic: "mic", soundStart: "given", soundTime: "2026-01-01T00:00:00Z", ...pace },
      wires: [["window", "clip"], ["end"]],
    },
    { id: "window", type: "edge-window", by: "samples", size: 1600, hop: 800, wires: [["loud"]] },
    { id: "loud", type: "function", func: LOUD, wires: [[alert]] },
    { id: alert, type: "edge-alert", needed: 1, among: 1, noDataAfter: 0, wires: [["clip"], []] },
    { id: "clip", type: "edge-clip", before: 0.5, after: 0.7, format: "float", wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
    { id: "end", type: "test-sink" },
  ]);
  runtime.send("replay", { payload: "start" });
  await runtime.receive("end");
  const [clip] = await runtime.receive("sink");
  expect(runtime.received("sink")).toHaveLength(1);
  expect(clip).toMatchObject({ topic: "mic", rate: RATE, complete: true, alert: { state: "raised", stream: "mic" } });
  // The window in which the beep begins, by its end.
  expect(clip!.alert.since - T0).toBeGreaterThan(1000 * BEEP);
  expect(clip!.alert.since - T0).toBeLessThan(1000 * BEEP + 100);
  const start = Math.round(((clip!.timestamp - T0) * RATE) / 1000);
  expect(start).toBe(Math.round(((clip!.alert.since - T0) * RATE) / 1000) - 0.5 * RATE);
  expect([...clip!.payload]).toEqual([...samples.subarray(start, start + 1.2 * RATE)]);
});
