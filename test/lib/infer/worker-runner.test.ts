import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { WorkerRunner } from "../../../nodes/lib/infer/worker-runner.ts";
import { anomalyModel } from "../../support/infer-models.ts";
import { ROOT } from "../../support/runtime.ts";

const DYING = { file: join(ROOT, "test/support/dying-worker.cjs") };
const source = { name: "ahu", bytes: anomalyModel().bytes, outputs: ["score"] };
const row = (first: number) => Float32Array.of(first, 0, 0, 0);

describe("WorkerRunner", () => {
  it.each([
    ["ends", 666, /ended with code 3/],
    ["throws", 667, /out of memory/],
  ])("fails the runs of a worker that %s, and starts another for the next", async (_, killer, reason) => {
    const runner = await WorkerRunner.open(source, DYING);
    try {
      const lost = await Promise.allSettled([runner.run(row(killer), 1), runner.run(row(1), 1)]);
      for (const { status, reason: error } of lost as PromiseRejectedResult[]) {
        expect(status).toBe("rejected");
        expect(error).toMatchObject({ code: "EDGE_ML_MODEL_RUN", message: expect.stringMatching(reason) });
      }
      // Two at once share the one new worker.
      const [a, b] = await Promise.all([runner.run(row(2), 1), runner.run(row(3), 1)]);
      expect([a!.outputs[0]!.data[0], b!.outputs[0]!.data[0]]).toEqual([4, 9]);
      expect(runner.restarts).toBe(1);
    } finally {
      await runner.close();
    }
  });

  it("ends its runs before it ends the worker: in the middle of one that would end the process", async () => {
    const slow = { name: "ahu", bytes: anomalyModel("1", { slow: true }).bytes, outputs: ["score"] };
    for (let i = 0; i < 5; i++) {
      const runner = await WorkerRunner.open(slow, DYING);
      const runs = [runner.run(row(3), 1), runner.run(row(4), 1)];
      // In the middle of the first, whatever it takes.
      await new Promise((done) => setTimeout(done, 5));
      await runner.close();
      expect((await Promise.all(runs)).map(({ outputs }) => outputs[0]!.data[0])).toEqual([9, 16]);
      await expect(runner.run(row(1), 1)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
    }
  });

  it("refuses a file that is no model, and a worker that does not start", async () => {
    await expect(WorkerRunner.open({ name: "ahu", bytes: Buffer.from("hello") }, DYING)).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
    });
    await expect(WorkerRunner.open(source, { file: join(ROOT, "no-such-file.cjs") })).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
    });
  });
});
