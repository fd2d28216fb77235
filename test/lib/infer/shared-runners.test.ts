import { describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../nodes/lib/errors/index.ts";
import { loadModel, type Runner, SharedRunners } from "../../../nodes/lib/infer/index.ts";
import { anomalyModel, TS_WORKER } from "../../support/infer-models.ts";

/** Counts how often it was opened and closed. */
class Stand {
  readonly shared = new SharedRunners();
  opened = 0;
  closed = 0;

  take(key = "ahu 1") {
    return this.shared.take(key, async () => {
      this.opened++;
      const runner: Runner = {
        place: "process",
        inputShape: [null, 4],
        outputs: ["score"],
        run: async () => ({ outputs: [], ms: 1 }),
        close: async () => {
          this.closed++;
        },
      };
      return { runner, found: this.opened };
    });
  }
}

describe("SharedRunners", () => {
  it("opens a runner once for all who ask, and closes it when the last of them does", async () => {
    const stand = new Stand();
    const all = await Promise.all([stand.take(), stand.take(), stand.take()]);
    expect([stand.opened, stand.shared.size]).toEqual([1, 1]);
    await all[0].runner.close();
    await all[0].runner.close();
    await all[1].runner.close();
    expect(stand.closed).toBe(0);
    expect((await all[2].runner.run(new Float32Array(4), 1)).ms).toBe(1);
    await all[2].runner.close();
    expect([stand.closed, stand.shared.size]).toEqual([1, 0]);
    expect((await stand.take()).found).toBe(2);
  });

  it("keeps runners of different keys apart", async () => {
    const stand = new Stand();
    const [one, two] = [await stand.take("1"), await stand.take("2")];
    expect([one.found, two.found, stand.shared.size]).toEqual([1, 2, 2]);
    await one.runner.close();
    expect([stand.closed, stand.shared.size]).toEqual([1, 1]);
  });

  it("gives the same error to all who waited, and tries anew for the next", async () => {
    const shared = new SharedRunners();
    let tries = 0;
    const open = async () => {
      tries++;
      throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: "ahu", reason: "test" });
    };
    const both = await Promise.allSettled([shared.take("1", open), shared.take("1", open)]);
    expect(both).toMatchObject([{ reason: { code: "EDGE_ML_MODEL_INVALID" } }, { status: "rejected" }]);
    expect([tries, shared.size]).toEqual([1, 0]);
    await expect(shared.take("1", open)).rejects.toThrow();
    expect(tries).toBe(2);
  });

  it("holds no more than what is in use over 200 changes of version by three nodes", async () => {
    const stand = new Stand();
    let most = 0;
    const nodes: Runner[] = [];
    for (let version = 1; version <= 200; version++) {
      for (let node = 0; node < 3; node++) {
        const { runner } = await stand.take(`ahu ${version}`);
        await nodes[node]?.close();
        nodes[node] = runner;
        most = Math.max(most, stand.shared.size, stand.opened - stand.closed);
      }
    }
    expect(most).toBe(2);
    expect([stand.opened, stand.closed, stand.shared.size]).toEqual([200, 199, 1]);
  });
});

describe("loadModel with shared runners", () => {
  const options = { worker: TS_WORKER, maxProcessMs: 60_000, shared: new SharedRunners() };
  const { shared } = options;

  it("opens a file once, and each node reads its outputs in its own way", async () => {
    const file = anomalyModel();
    const [one, two] = await Promise.all([
      loadModel(file, { ...options, threshold: 5 }),
      loadModel(file, { ...options, threshold: 50 }),
    ]);
    expect(shared.size).toBe(1);
    const { outputs } = await two.runner.run(Float32Array.of(1, 2, 3, 4), 1);
    expect(one.interpreter.result(outputs, 0, 1)).toMatchObject({ score: 30, anomalous: true });
    expect(two.interpreter.result(outputs, 0, 1)).toMatchObject({ score: 30, anomalous: false });
    await one.runner.close();
    expect((await two.runner.run(Float32Array.of(1, 0, 0, 0), 1)).outputs[0]!.data[0]).toBe(1);
    await two.runner.close();
    expect(shared.size).toBe(0);
    await expect(two.runner.run(new Float32Array(4), 1)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_RUN" });
  });

  it("opens another version, and other wished outputs, beside it", async () => {
    const all = [
      await loadModel(anomalyModel("1"), options),
      await loadModel(anomalyModel("2"), options),
      await loadModel(anomalyModel("2"), { ...options, contributions: 0 }),
    ];
    expect(shared.size).toBe(3);
    for (const { runner } of all) await runner.close();
    expect(shared.size).toBe(0);
  });

  it("frees it when the results cannot be read", async () => {
    const file = anomalyModel();
    const wrong = { ...file.manifest!, outputs: { score: "contributions" } };
    await expect(loadModel({ ...file, manifest: wrong }, options)).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_INVALID",
    });
    expect(shared.size).toBe(0);
  });
});
