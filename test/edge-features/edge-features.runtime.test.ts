import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { windowMessage } from "../support/frames.ts";
import { type Msg, type Runtime, startRuntime } from "../support/runtime.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

const flow = (blocks: unknown, filters?: unknown) => [
  { id: "n", type: "edge-features", blocks, ...(filters === undefined ? {} : { filters }), wires: [["sink"]] },
  { id: "sink", type: "test-sink" },
];

describe("edge-features", () => {
  it("sends the features of all blocks, one after the other, with names and recipe", async () => {
    await runtime.deploy(
      flow([
        { block: "raw", scale: "2" },
        { block: "flatten", statistics: ["average", "rms"] },
      ]),
    );
    runtime.send(
      "n",
      windowMessage(
        [
          [1, 10],
          [3, 20],
        ],
        { topic: "t" },
        { names: ["a", "b"] },
      ),
    );
    const [msg] = await runtime.receive("sink");
    expect(msg!.topic).toBe("t");
    expect([...msg!.payload.slice(0, 5)]).toEqual([2, 20, 6, 40, 2]);
    expect(msg!.payload[5]).toBeCloseTo(Math.sqrt(5), 5);
    expect(msg!.frame).toMatchObject({
      kind: "features",
      shape: [8],
      names: ["a [0]", "b [0]", "a [1]", "b [1]", "a mean", "a RMS", "b mean", "b RMS"],
      recipe: {
        version: 1,
        window: { size: 2 },
        features: [{ block: "raw", options: { scale: 2 } }, { block: "flatten" }],
      },
    });
    expect(runtime.status("n")).toMatchObject({ fill: "green", text: "8 × 1" });
  });

  it("sends each channel through the filters first, and tells them in the recipe", async () => {
    await runtime.deploy(flow([{ block: "raw" }], [{ filter: "median", width: "3" }, { filter: "decimate" }]));
    const rows = [1, 1, 9, 1, 1, 1].map((value) => [value, 5]);
    runtime.send("n", windowMessage(rows, {}, { names: ["a", "b"], rate: 10 }));
    const [msg] = await runtime.receive("sink");
    expect(msg!.frame.names).toEqual(["a [0]", "b [0]", "a [1]", "b [1]", "a [2]", "b [2]"]);
    for (const [i, value] of [1, 5, 1, 5, 1, 5].entries()) expect(msg!.payload[i]).toBeCloseTo(value, 5);
    expect(msg!.frame.recipe.filters).toEqual([
      { filter: "median", version: 1, options: { width: 3 } },
      { filter: "decimate", version: 1, options: { factor: 2, zeroPhase: true } },
    ]);
  });

  it("says what a filter lacks in a window, and goes on", async () => {
    await runtime.deploy(flow([{ block: "raw" }], [{ filter: "low-pass", cutoff: 20 }]));
    const { error } = await runtime.sendAndWait("n", windowMessage([[1], [2]], {}, { rate: undefined }));
    expect(error).toMatchObject({ code: "EDGE_ML_WINDOW", details: { block: "Low-pass" } });
    const slow = await runtime.sendAndWait("n", windowMessage([[1], [2]], {}, { rate: 40 }));
    expect(slow.error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field: "cutoff" } });
    expect((await runtime.sendAndWait("n", windowMessage([[1], [2]], {}, { rate: 41 }))).error).toBeUndefined();
  });

  it("passes a window of bad quality with its flag", async () => {
    await runtime.deploy(flow([{ block: "raw" }]));
    const quality = { ok: false, reasons: ["missing: c0"], missing: 1, filled: 0 };
    runtime.send("n", windowMessage([[Number.NaN]], {}, { quality }));
    const [msg] = await runtime.receive("sink");
    expect(msg!.frame.quality).toEqual(quality);
    expect(runtime.status("n")).toMatchObject({ fill: "yellow" });
  });

  it("takes typed arrays and objects of another realm", async () => {
    await runtime.deploy(flow([{ block: "raw" }]));
    const msg = windowMessage([[1], [2]]);
    runtime.send("n", { ...msg, payload: runInNewContext("Float32Array.of(1, 2)") });
    const [out] = await runtime.receive("sink");
    expect(out!.payload).toBeInstanceOf(Float32Array);
    expect([...out!.payload]).toEqual([1, 2]);
  });

  const good = () => windowMessage([[1], [2]]);
  const bad: [string, () => Msg, string, string][] = [
    ["no frame", () => ({ payload: 1 }), "EDGE_ML_FRAME", "msg.frame"],
    ["text payload", () => ({ ...good(), payload: "abc" }), "EDGE_ML_FRAME", "msg.payload"],
    ["too few numbers", () => ({ ...good(), payload: Float32Array.of(1) }), "EDGE_ML_FRAME", "msg.payload"],
    ["BigInt64Array", () => ({ ...good(), payload: BigInt64Array.of(1n, 2n) }), "EDGE_ML_FRAME", "msg.payload"],
    ["DataView", () => ({ ...good(), payload: new DataView(new ArrayBuffer(8)) }), "EDGE_ML_FRAME", "msg.payload"],
    ["empty shape", () => windowMessage([[1], [2]], {}, { shape: [] }), "EDGE_ML_FRAME", "msg.frame.shape"],
    ["negative shape", () => windowMessage([[1], [2]], {}, { shape: [-2, -1] }), "EDGE_ML_FRAME", "msg.frame.shape.0"],
    ["features again", () => windowMessage([[1], [2]], {}, { kind: "features" }), "EDGE_ML_FRAME", "msg.frame.kind"],
    ["no quality", () => windowMessage([[1], [2]], {}, { quality: undefined }), "EDGE_ML_FRAME", "msg.frame.quality"],
    ["too few names", () => windowMessage([[1, 2]], {}, { names: ["a"] }), "EDGE_ML_FRAME", "msg.frame.names"],
    [
      "recipe of the future",
      () => windowMessage([[1], [2]], {}, { recipe: { version: 2 } }),
      "EDGE_ML_FRAME",
      "msg.frame.recipe.version",
    ],
  ];
  it.each(bad)("refuses %s with a coded error that names the field", async (_, msg, code, field) => {
    await runtime.deploy(flow([{ block: "flatten" }]));
    const { error } = await runtime.sendAndWait("n", msg());
    expect(error).toMatchObject({ code, details: { field } });
    // … and goes on.
    expect((await runtime.sendAndWait("n", good())).error).toBeUndefined();
  });

  const wrong: [string, unknown, string][] = [
    ["no blocks", [], "blocks"],
    ["an unknown block", [{ block: "fft9" }], "block"],
    ["__proto__ as a block", [{ block: "__proto__" }], "block"],
    ["a scale that is no number", [{ block: "raw", scale: "x" }], "scale"],
    ["an unknown statistic", [{ block: "flatten", statistics: ["mode"] }], "statistics.0"],
  ];
  it.each(wrong)("says what is wrong with the settings: %s", async (_, blocks, field) => {
    await runtime.deploy(flow(blocks));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", good());
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });

  const wrongFilters: [string, unknown, string][] = [
    ["an unknown filter", [{ filter: "comb" }], "filter"],
    ["no filter", [{}], "filters.0.filter"],
    ["no list", "low-pass", "filters"],
    ["nine filters", Array.from({ length: 9 }, () => ({ filter: "detrend" })), "filters"],
    ["an order that is no number", [{ filter: "low-pass", order: "steep" }], "order"],
  ];
  it.each(wrongFilters)("says what is wrong with the filters: %s", async (_, filters, field) => {
    await runtime.deploy(flow([{ block: "raw" }], filters));
    expect(runtime.status("n")).toMatchObject({ fill: "red", text: "check settings" });
    const { error } = await runtime.sendAndWait("n", good());
    expect(error).toMatchObject({ code: "EDGE_ML_SETTING", details: { field } });
  });

  it("stays bounded with 10,000 streams and window lengths that never repeat", async () => {
    await runtime.deploy(flow([{ block: "flatten" }]));
    for (let i = 0; i < 10_000; i++) {
      const rows = Array.from({ length: 1 + (i % 200) }, () => [i]);
      runtime.send("n", windowMessage(rows, { topic: i === 5 ? "__proto__" : `s${i}` }));
    }
    const messages = await runtime.receive("sink", 10_000, 20_000);
    expect(messages[5]!.topic).toBe("__proto__");
    expect(({} as Msg).payload).toBeUndefined();
  });
});
