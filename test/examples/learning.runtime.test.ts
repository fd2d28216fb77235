import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FlowNode, type Msg, ROOT, type Runtime, startRuntime, until } from "../support/runtime.ts";
import { json } from "../support/sources.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => runtime.stop());

/** An example as it is imported: what has no place on the canvas is a tab or a config node. */
function example(name: string): FlowNode[] {
  return json<FlowNode[]>(`examples/${name}.json`).map((node) =>
    node.x === undefined ? { ...node, config: true } : node,
  );
}

const reached = (id: string): Msg[] => runtime.completions(id).map(({ msg }) => msg);
const failures = () => runtime.completions().filter(({ error }) => error !== undefined);
const press = (id: string) => fetch(`${runtime.url}/inject/${id}`, { method: "POST" });

describe("examples/gestures.json", () => {
  it("learns the gestures of five persons by itself, and knows those of two others", async () => {
    await runtime.deploy(example("gestures"));
    await until(() => reached("edgegest0lre").length > 0, "a learning report", 60_000);
    const learned = reached("edgegest0lre")[0]!.payload;
    expect(learned).toMatchObject({
      task: "class",
      labels: ["circle", "flick", "rest", "wave"],
      streams: ["Ada", "Ben", "Cem", "Dora", "Eva"],
      // A person whom the tested model did not know.
      holdOut: { by: "stream", streams: ["Eva"] },
      warnings: [],
    });
    expect(learned.holdOut.metrics.balancedAccuracy).toBeGreaterThan(0.9);

    await until(() => /^v1/.test(runtime.status("edgegest0inf")?.text ?? ""), "the model is taken over");
    await press("edgegest0in2");
    await until(() => reached("edgegest0deb").length > 0, "a report", 30_000);
    const { payload } = reached("edgegest0deb")[0]!;
    // Guessing is right in a quarter. Of two persons, and about 60 frames of each gesture.
    expect(payload.accuracy.low).toBeGreaterThan(0.85);
    expect([...payload.labels].sort()).toEqual(["circle", "flick", "rest", "wave"]);
    const rows = (payload.matrix as number[][]).map((row) => row.reduce((sum, count) => sum + count, 0));
    expect(Math.min(...rows)).toBeGreaterThan(50);
    expect(payload.text).toMatch(/Accuracy 9\d/);
    // What came while it was only tested was not learned from.
    expect(runtime.status("edgegest0lea")?.text).toMatch(/^v1 /);
    expect(failures()).toEqual([]);
  }, 120_000);
});

/** Root mean squared error of taking the last value, in a recording. */
function errorOfLastValue(name: string): number {
  const [header, ...lines] = readFileSync(join(ROOT, "examples/recordings", name), "utf8")
    .trim()
    .split("\n");
  const columns = header!.split(",");
  const [now, later] = [columns.indexOf("room"), columns.indexOf("room in 1 h")];
  const squares = lines.map((line) => {
    const cells = line.split(",");
    return (Number(cells[now]) - Number(cells[later])) ** 2;
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

describe("examples/forecast.json", () => {
  it("learns three weeks by itself, and forecasts the week after far better than its last value does", async () => {
    await runtime.deploy(example("forecast"));
    await until(() => reached("edgefcst0lre").length > 0, "a learning report", 60_000);
    const learned = reached("edgefcst0lre")[0]!.payload;
    expect(learned).toMatchObject({
      task: "value",
      method: "linear",
      labels: ["room [7] in 60 min"],
      values: { source: { from: "feature", feature: "room [7]", ahead: 4, ms: 3_600_000 } },
      warnings: [],
    });

    await until(() => /^v1/.test(runtime.status("edgefcst0inf")?.text ?? ""), "the model is taken over");
    await press("edgefcst0in2");
    await until(() => reached("edgefcst0deb").length > 0, "a report", 30_000);
    const { metrics, counts } = reached("edgefcst0deb")[0]!.payload;
    expect(counts.labelled).toBeGreaterThan(660);
    const last = errorOfLastValue("room-next-week.csv");
    expect(metrics.rmse).toBeLessThan(0.6 * last);
    // As good as in the part that it had held out.
    expect(metrics.rmse / learned.values.rmse).toBeLessThan(1.25);
    expect(Math.abs(metrics.bias)).toBeLessThan(0.05);
    expect(failures()).toEqual([]);
  }, 120_000);
});
