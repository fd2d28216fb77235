import { afterEach, describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../nodes/lib/errors/index.ts";
import type { Frame } from "../../../nodes/lib/frame/index.ts";
import { FrameCheck } from "../../../nodes/lib/infer/frame-check.ts";
import { FrameQueue } from "../../../nodes/lib/infer/frame-queue.ts";
import { Inference, type LoadedModel, type Outcome, type RunOutput } from "../../../nodes/lib/infer/index.ts";
import { interpreter } from "../../../nodes/lib/infer/interpreter.ts";
import { featureInfo, manifest } from "../../support/infer-models.ts";

/** A model whose runs end when the test says so. Score = first feature, times the version. */
class Stand {
  readonly runs: { rows: number[]; count: number; end: (error?: Error) => void }[] = [];
  closed = 0;
  readonly model: LoadedModel;

  constructor(version = 1, maxBatch = 1) {
    this.model = {
      reference: { name: "ahu", version: String(version), sha256: "0" },
      task: "anomaly",
      interpreter: interpreter("ahu", manifest(), { contributions: 0 }),
      check: new FrameCheck("ahu", manifest(), [null, 4]),
      moreInputs: [],
      maxBatch,
      medianMs: 1,
      runner: {
        place: "process",
        inputShape: [null, 4],
        outputs: ["score"],
        run: (rows, count) =>
          new Promise<RunOutput>((resolve, reject) => {
            const firsts = Array.from({ length: count }, (_, i) => rows[4 * i]!);
            const data = Float32Array.from(firsts, (first) => first * version);
            this.runs.push({
              rows: firsts,
              count,
              end: (error) =>
                error ? reject(error) : resolve({ outputs: [{ name: "score", shape: [count], data }], ms: 2 }),
            });
          }),
        close: async () => {
          this.closed++;
        },
      },
    };
  }

  /** Ends the runs as they come, until there are none. */
  async endAll(error?: (count: number) => Error | undefined): Promise<void> {
    for (let i = 0; i < this.runs.length; i++) {
      const run = this.runs[i]!;
      run.end(error?.(run.count));
      await settled();
    }
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const frame = (first: number, info = featureInfo()): Frame => ({ data: Float32Array.of(first, 0, 0, 0), info });
const scoreOf = (outcome: Outcome | undefined) =>
  outcome && "score" in outcome.result ? `${outcome.model.version}:${outcome.result.score}` : undefined;

let inference: Inference;
afterEach(() => inference.close());
function start(stand?: Stand, limit = 100, policy: "oldest" | "refuse" = "oldest"): Inference {
  inference = new Inference({ limit, policy });
  if (stand) inference.use(stand.model);
  return inference;
}

describe("Inference", () => {
  it("runs one frame after the other, in order", async () => {
    const stand = new Stand();
    start(stand);
    const order: number[] = [];
    const all = [5, 6, 7].map((first) =>
      inference.infer(frame(first)).then((outcome) => {
        order.push(first);
        return scoreOf(outcome);
      }),
    );
    expect(stand.runs).toHaveLength(1);
    await stand.endAll();
    expect(await Promise.all(all)).toEqual(["1:5", "1:6", "1:7"]);
    expect(order).toEqual([5, 6, 7]);
    expect(stand.runs.map(({ rows }) => rows)).toEqual([[5], [6], [7]]);
    expect(inference.counts).toMatchObject({ scored: 3, bad: 0, failed: 0, dropped: 0, unserved: 0 });
    expect(inference.statistics.run).toEqual({ p50: 2, p95: 2, p99: 2 });
  });

  it("puts frames that wait together into one run, no more than the model takes", async () => {
    const stand = new Stand(1, 4);
    start(stand);
    const all = Array.from({ length: 10 }, (_, i) => inference.infer(frame(i)));
    await stand.endAll();
    expect((await Promise.all(all)).map(scoreOf)).toEqual(Array.from({ length: 10 }, (_, i) => `1:${i}`));
    expect(stand.runs.map(({ count }) => count)).toEqual([1, 4, 4, 1]);
  });

  it("gives a frame of bad quality no score and does not run it, but keeps its place", async () => {
    const stand = new Stand(1, 4);
    start(stand);
    const bad = { ok: false, reasons: ["gap"], missing: 0, filled: 0 };
    const order: number[] = [];
    const all = [frame(0), frame(1), frame(2, featureInfo({ quality: bad })), frame(Number.NaN), frame(4)].map(
      (each, i) =>
        inference.infer(each).then((outcome) => {
          order.push(i);
          return outcome!.result;
        }),
    );
    await stand.endAll();
    expect(await Promise.all(all)).toMatchObject([
      { score: 0 },
      { score: 1 },
      { kind: "anomaly", score: null, quality: bad },
      { kind: "anomaly", score: null, quality: { ok: false, reasons: ["not-a-number: a mean"] } },
      { score: 4 },
    ]);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(stand.runs.map(({ rows }) => rows)).toEqual([[0], [1, 4]]);
    expect(inference.counts).toMatchObject({ scored: 3, bad: 2 });
  });

  it("refuses a frame that the model was not made for, and runs the others", async () => {
    const stand = new Stand(1, 4);
    start(stand);
    const other = featureInfo({ names: ["w", "x", "y", "z"] });
    const all = Promise.allSettled([frame(0), frame(1, other), frame(2)].map((each) => inference.infer(each)));
    await stand.endAll();
    expect(await all).toMatchObject([
      { value: { result: { score: 0 } } },
      { reason: { code: "EDGE_ML_RECIPE_MISMATCH", details: { field: "msg.frame.names.0" } } },
      { value: { result: { score: 2 } } },
    ]);
    expect(inference.counts).toMatchObject({ scored: 2, failed: 1 });
  });

  it("runs the frames of a failed batch one by one, so that only the guilty one fails", async () => {
    const stand = new Stand(1, 4);
    start(stand);
    const all = Promise.allSettled([0, 1, 2, 3].map((first) => inference.infer(frame(first))));
    await stand.endAll((count) => {
      const guilty =
        count > 1 || stand.runs.some((run) => run.count === 1 && run.rows[0] === 2 && run === stand.runs.at(-1));
      return guilty ? new EdgeMlError("EDGE_ML_MODEL_RUN", { name: "ahu", reason: "no" }) : undefined;
    });
    expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(stand.runs.map(({ rows }) => rows)).toEqual([[0], [1, 2, 3], [1], [2], [3]]);
  });

  it("drops the frame that waited longest when too many wait, and counts it", async () => {
    const stand = new Stand();
    start(stand, 2);
    const all = [0, 1, 2, 3, 4].map((first) => inference.infer(frame(first)));
    expect(inference.waiting).toBe(2);
    await stand.endAll();
    expect((await Promise.all(all)).map(scoreOf)).toEqual(["1:0", undefined, undefined, "1:3", "1:4"]);
    expect(inference.counts).toMatchObject({ scored: 3, dropped: 2 });
  });

  it("refuses new frames when too many wait, if it is set so", async () => {
    const stand = new Stand();
    start(stand, 2, "refuse");
    const all = Promise.allSettled([0, 1, 2, 3, 4].map((first) => inference.infer(frame(first))));
    await stand.endAll();
    expect(await all).toMatchObject([
      { value: { result: { score: 0 } } },
      { value: { result: { score: 1 } } },
      { value: { result: { score: 2 } } },
      { reason: { code: "EDGE_ML_QUEUE_FULL", details: { got: 2, expected: 2 } } },
      { reason: { code: "EDGE_ML_QUEUE_FULL" } },
    ]);
    expect(inference.counts).toMatchObject({ scored: 3, dropped: 2 });
  });

  it("exchanges the model between two runs, loses no frame, and closes the old one after its run", async () => {
    const [one, two, three] = [new Stand(1), new Stand(2), new Stand(3)];
    start(one);
    const all = [1, 2, 3].map((first) => inference.infer(frame(first)));
    inference.use(two.model);
    inference.use(three.model);
    expect(two.closed).toBe(1);
    expect(one.closed).toBe(0);
    expect(three.runs).toHaveLength(0);
    await one.endAll();
    expect(one.closed).toBe(1);
    await three.endAll();
    expect((await Promise.all(all)).map(scoreOf)).toEqual(["1:1", "3:6", "3:9"]);
    await inference.close();
    expect([one.closed, two.closed, three.closed]).toEqual([1, 1, 1]);
  });

  it("counts frames while there is no model, and lets them wait while one is being loaded", async () => {
    const stand = new Stand();
    start();
    expect(await inference.infer(frame(1))).toBeUndefined();
    expect(inference.counts.unserved).toBe(1);
    inference.expecting = true;
    const kept = inference.infer(frame(2));
    inference.use(stand.model);
    await stand.endAll();
    expect(scoreOf(await kept)).toBe("1:2");
  });

  it("lets waiting frames go when no model came after all", async () => {
    start();
    inference.expecting = true;
    const kept = inference.infer(frame(2));
    inference.expecting = false;
    expect(await kept).toBeUndefined();
  });

  it("ends every frame when it is closed while it runs, and gives the result of the run", async () => {
    const stand = new Stand();
    start(stand);
    const all = [1, 2, 3].map((first) => inference.infer(frame(first)));
    const closed = inference.close();
    await stand.endAll();
    await closed;
    expect((await Promise.all(all)).map(scoreOf)).toEqual(["1:1", undefined, undefined]);
    expect(stand.closed).toBe(1);
    expect(await inference.infer(frame(4))).toBeUndefined();
    const late = new Stand(2);
    inference.use(late.model);
    expect(late.closed).toBe(1);
  });

  it("tells how it serves: counts, runs, batches, the queue, and times of the model in use only", async () => {
    const stand = new Stand(1, 4);
    start(stand, 7);
    const all = Array.from({ length: 10 }, (_, i) => inference.infer(frame(i)));
    expect(inference.statistics.queue).toEqual({ waiting: 7, longest: 7, limit: 7 });
    await stand.endAll();
    await Promise.all(all);
    const { latency, ...rest } = inference.statistics;
    expect(rest).toEqual({
      kind: "statistics",
      model: { name: "ahu", version: "1", sha256: "0", place: "process" },
      frames: { scored: 8, bad: 0, failed: 0, dropped: 2, unserved: 0 },
      runs: { count: 3, meanBatch: 8 / 3, largestBatch: 4 },
      queue: { waiting: 0, longest: 7, limit: 7 },
      run: { p50: 2, p95: 2, p99: 2 },
    });
    expect(latency!.p50).toBeLessThanOrEqual(latency!.p99);
    inference.use(new Stand(2).model);
    expect(inference.statistics).not.toHaveProperty("run");
    expect(inference.statistics).not.toHaveProperty("latency");
    expect(inference.statistics.runs.count).toBe(3);
  });

  it("tries a new version on recent frames, while the one in use goes on", async () => {
    const [one, two] = [new Stand(1), new Stand(2)];
    start(one);
    expect(await inference.rehearse(two.model)).toBe(two.model);
    const first = inference.infer(frame(3));
    await one.endAll();
    await first;
    const rehearsed = inference.rehearse(two.model);
    const live = inference.infer(frame(20));
    for (let i = 0; i < 5; i++) {
      for (const { end } of [...one.runs, ...two.runs]) end();
      await settled();
    }
    expect(scoreOf(await live)).toBe("1:20");
    inference.use(await rehearsed);
    expect(inference.change).toEqual({
      from: "1",
      to: "2",
      frames: 1,
      same: 1,
      meanDifference: 3,
      ms: { from: 2, to: 2 },
    });
    expect(inference.statistics.change).toEqual(inference.change);
    expect(one.closed).toBe(1);
  });

  it("refuses and closes a version that fails on a recent frame", async () => {
    const [one, two] = [new Stand(1), new Stand(2)];
    start(one);
    const first = inference.infer(frame(3));
    await one.endAll();
    await first;
    const refused = expect(inference.rehearse(two.model)).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
    for (let i = 0; i < 5; i++) {
      for (const { end } of one.runs) end();
      for (const { end } of two.runs) end(new Error("no"));
      await settled();
    }
    await refused;
    expect([one.closed, two.closed, inference.model?.reference.version]).toEqual([0, 1, "1"]);
  });

  it("exchanges 200 versions under load: no frame is lost, and none but the one in use stays open", async () => {
    start();
    inference.expecting = true;
    const stands: Stand[] = [];
    const all: Promise<Outcome | undefined>[] = [];
    for (let version = 1; version <= 200; version++) {
      const stand = new Stand(version, 4);
      stands.push(stand);
      inference.use(stand.model);
      for (let i = 0; i < 5; i++) all.push(inference.infer(frame(1)));
      // Some runs end before the next version comes, others after it.
      if (version % 3 === 0) for (const each of stands.slice(-3)) await each.endAll();
    }
    for (let i = 0; i < stands.length; i++) await stands[i]!.endAll();
    const versions = (await Promise.all(all)).map((outcome) => Number(outcome!.model.version));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(inference.counts).toMatchObject({ scored: 1000, dropped: 0, failed: 0 });
    expect(stands.map(({ closed }) => closed)).toEqual([...Array(199).fill(1), 0]);
  });

  it("keeps the order of each of 100 streams while their frames share runs", async () => {
    const stand = new Stand(1, 16);
    start(stand, 10_000);
    const order = new Map<string, number[]>();
    const all: Promise<unknown>[] = [];
    for (let seq = 0; seq < 20; seq++) {
      for (let s = 0; s < 100; s++) {
        const stream = `s${s}`;
        const run = inference.infer(frame(seq, featureInfo({ stream, seq }))).then((outcome) => {
          expect(scoreOf(outcome)).toBe(`1:${seq}`);
          order.set(stream, [...(order.get(stream) ?? []), seq]);
        });
        all.push(run);
      }
    }
    await stand.endAll();
    await Promise.all(all);
    expect(order.size).toBe(100);
    for (const seqs of order.values()) expect(seqs).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(stand.runs).toHaveLength(1 + Math.ceil(1999 / 16));
  });

  it("takes 10,000 streams, and __proto__ as one of them", async () => {
    const stand = new Stand(1, 64);
    start(stand, 10_000);
    const all = Array.from({ length: 10_000 }, (_, i) =>
      inference.infer(frame(i, featureInfo({ stream: i === 7 ? "__proto__" : `s${i}` }))),
    );
    await stand.endAll();
    const scores = (await Promise.all(all)).map(scoreOf);
    expect(scores).toEqual(Array.from({ length: 10_000 }, (_, i) => `1:${i}`));
  });
});

describe("FrameQueue", () => {
  it("is first in, first out, at any length", () => {
    const queue = new FrameQueue<number>();
    let next = 0;
    let expected = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 40; i++) queue.add(next++);
      for (let i = 0; i < 30; i++) expect(queue.take()).toBe(expected++);
      expect(queue.length).toBe(next - expected);
    }
    while (queue.length > 0) expect(queue.take()).toBe(expected++);
    expect(expected).toBe(next);
    expect(queue.take()).toBeUndefined();
  });
});
