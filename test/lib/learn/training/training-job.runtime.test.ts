import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { StartTraining, TrainingRequest } from "../../../../nodes/lib/learn/index.ts";

// The built library: a worker thread runs plain JavaScript.
const DIST = resolve(__dirname, "../../../../dist/lib/learn");
const { startTraining } = createRequire(__filename)(join(DIST, "training/training-job.js")) as {
  startTraining: (...parameters: [...Parameters<StartTraining>, entry?: string]) => ReturnType<StartTraining>;
};

const folder = mkdtempSync(join(tmpdir(), "edge-ml-job-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function request(rows: number, columns: number, change: Partial<TrainingRequest> = {}): TrainingRequest {
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
      data: Float32Array.from({ length: rows * columns }, (_, i) => ((i * 7919) % 1009) / 1009),
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
    ...change,
  };
}

/** The code of a thread of its own, that has the built library at hand. */
function entryOf(name: string, code: string): string {
  const file = join(folder, `${name.replaceAll(" ", "-")}.js`);
  const parts = [
    `const { parentPort, workerData } = require("node:worker_threads");`,
    `const { NativeGate, useGate } = require(${JSON.stringify(join(DIST, "kernels/native-gate.js"))});`,
    `const { Kernel } = require(${JSON.stringify(join(DIST, "kernels/kernel.js"))});`,
    `const { OnnxGraph } = require(${JSON.stringify(join(DIST, "../model/index.js"))});`,
    `useGate(new NativeGate(workerData.gate));`,
  ];
  writeFileSync(file, `${parts.join("\n")}\n${code}`);
  return file;
}

/** Multiplies matrices of this size for ever, and says so each time. */
const MULTIPLYING = (size: number) => `
  (async () => {
    const g = new OnnxGraph("product");
    const x = g.input("x", [${size}, ${size}]);
    g.output("y", g.op("MatMul", [x, x]), [${size}, ${size}]);
    const kernel = await Kernel.compile(g);
    const feeds = { x: kernel.tensor([${size}, ${size}], new Float32Array(${size} ** 2)) };
    for (let run = 0; ; run++) {
      parentPort.postMessage({ type: "progress", share: run / 1e9 });
      await kernel.run(feeds);
    }
  })();`;

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
    const job = startTraining(request(50, 3), () => undefined, entryOf(what, code));
    await expect(job.outcome).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_FAILED",
      details: { reason: expect.stringContaining(reason) },
    });
  });
});

describe("a training in native code", () => {
  it("is cancelled again and again without ending the process", async () => {
    const entry = entryOf("short runs", MULTIPLYING(100));
    for (let round = 0; round < 6; round++) {
      let cancelled = false;
      const job = startTraining(
        request(50, 3),
        () => {
          if (cancelled) return;
          cancelled = true;
          setTimeout(() => job.cancel(), round % 5);
        },
        entry,
      );
      expect(await job.outcome).toBeUndefined();
    }
  });

  it("is cancelled in the middle of a long run: the thread ends when the run does", async () => {
    const entry = entryOf("long runs", MULTIPLYING(1500));
    for (let round = 0; round < 2; round++) {
      const job = startTraining(request(50, 3), () => setTimeout(() => job.cancel(), 20), entry);
      expect(await job.outcome).toBeUndefined();
    }
  });

  it("is cancelled at any point of a real one", async () => {
    for (let round = 0; round < 6; round++) {
      const job = startTraining(request(400, 12, { method: "autoencoder" }), () => undefined);
      await sleep(60 * round);
      job.cancel();
      expect(await job.outcome).toBeUndefined();
    }
  });

  it("ends by itself where a learner goes on after the cancel", async () => {
    // The gate is closed: the loop's next run throws, and nobody catches it.
    const entry = entryOf(
      "stubborn",
      MULTIPLYING(100).replace("await kernel.run(feeds);", "await kernel.run(feeds).catch(() => undefined);"),
    );
    const job = startTraining(request(50, 3), () => job.cancel(), entry);
    expect(await job.outcome).toBeUndefined();
  });
});

describe("the limits of a training", () => {
  const limits = { seconds: 600, megabytes: 1024 };

  it("ends it after its time, saying how far it came", async () => {
    const made = request(3000, 24, { method: "autoencoder", limits: { ...limits, seconds: 1 } });
    const started = performance.now();
    await expect(startTraining(made, () => undefined).outcome).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_TIME",
      message: expect.stringMatching(/after 1 s: \d+ % was done/),
    });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("ends one that does not listen", async () => {
    const made = request(50, 3, { limits: { ...limits, seconds: 0.5 } });
    const job = startTraining(made, () => undefined, entryOf("deaf", "for (;;);"));
    await expect(job.outcome).rejects.toMatchObject({ code: "EDGE_ML_LEARN_TIME", details: { expected: 0.5, got: 0 } });
  });

  it("does not begin one that cannot keep to its memory", async () => {
    const made = request(50, 3, { limits: { ...limits, megabytes: 64 } });
    Object.assign(made.frames, { rows: 20_000, columns: 100 });
    await expect(startTraining(made, () => undefined).outcome).rejects.toMatchObject({
      code: "EDGE_ML_LEARN_MEMORY",
      details: { reason: "20000 frames of 100 numbers take at least 71 MB, and the limit is 64 MB" },
    });
  });

  it("ends one whose arrays grow beyond its memory", async () => {
    // k-means of so many clusters holds more than the least.
    const made = request(24_000, 60, {
      method: "kmeans",
      options: { clusters: 256 },
      limits: { ...limits, megabytes: 64 },
    });
    await expect(startTraining(made, () => undefined).outcome).rejects.toMatchObject({ code: "EDGE_ML_LEARN_MEMORY" });
  });

  it.each([
    ["objects fill the heap", "const all = []; for (;;) all.push({ a: [Math.random()] });"],
    ["an array is larger than there is", "new Float64Array(2 ** 34);"],
  ])("makes a coded error of a thread that dies when %s", async (what, code) => {
    const made = request(50, 3, { limits: { ...limits, megabytes: 64 } });
    const job = startTraining(made, () => undefined, entryOf(what, code));
    await expect(job.outcome).rejects.toMatchObject({ code: "EDGE_ML_LEARN_MEMORY" });
  });
});
