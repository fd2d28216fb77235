import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { StartTraining, TrainingRequest } from "../../../../nodes/lib/learn/index.ts";

// The built library: a worker thread runs plain JavaScript.
const { startTraining } = createRequire(__filename)("../../../dist/lib/learn/training-job.js") as {
  startTraining: (...parameters: [...Parameters<StartTraining>, entry?: string]) => ReturnType<StartTraining>;
};

const folder = mkdtempSync(join(tmpdir(), "edge-ml-job-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function request(rows: number, columns: number): TrainingRequest {
  const names = Array.from({ length: columns }, (_, i) => `f${i}`);
  return {
    model: "m",
    task: "anomaly",
    method: "pca",
    options: {},
    holdOut: 0.25,
    holdOutBy: "time",
    folds: 0,
    limits: { seconds: 600, megabytes: 1024 },
    falseAlarmsPerDay: 1,
    names,
    channels: names,
    recipe: { version: 1 },
    frames: {
      rows,
      columns,
      data: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i)),
      start: Float64Array.from({ length: rows }, (_, i) => i * 1000),
      end: Float64Array.from({ length: rows }, (_, i) => i * 1000),
      stream: new Int32Array(rows),
      streams: ["__proto__"],
      label: new Int32Array(rows).fill(-1),
      labels: [],
      stride: 1,
    },
    seed: 1,
    madeBy: { name: "test", version: "1" },
  };
}

describe("startTraining", () => {
  it("trains in another thread: progress comes, and the event loop goes on meanwhile", async () => {
    const shares: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const job = startTraining(request(3000, 150), (share) => shares.push(share));
    const outcome = await job.outcome;
    clearInterval(timer);
    expect(outcome!.manifest.training.streams).toEqual(["__proto__"]);
    expect(outcome!.bytes.length).toBeGreaterThan(150 * 150 * 4);
    expect(shares.length).toBeGreaterThan(3);
    expect(ticks).toBeGreaterThan(1);
  });

  it("gives nothing when it was cancelled, at any time", async () => {
    const job = startTraining(request(3000, 150), () => job.cancel());
    expect(await job.outcome).toBeUndefined();
    const soon = startTraining(request(100, 3), () => undefined);
    soon.cancel();
    expect(await soon.outcome).toBeUndefined();
  });

  it("hands on a coded error of the training", async () => {
    const job = startTraining(request(5, 3), () => undefined);
    await expect(job.outcome).rejects.toMatchObject({ code: "EDGE_ML_LEARN_TOO_FEW", details: { got: 5 } });
  });

  it.each([
    ["throws", "throw new Error('out of luck')", "out of luck"],
    ["exits", "process.exit(3)", "exit code 3"],
    ["ends without a word", "", "exit code 0"],
    ["rejects", "Promise.reject(new Error('later'))", "later"],
  ])("makes a coded error of a thread that %s", async (what, code, reason) => {
    const entry = join(folder, `${what.replaceAll(" ", "-")}.js`);
    writeFileSync(entry, code);
    const job = startTraining(request(50, 3), () => undefined, entry);
    await expect(job.outcome).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_FAILED",
      details: { reason: expect.stringContaining(reason) },
    });
  });
});
