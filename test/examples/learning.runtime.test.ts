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
    for (let i = 0; i < 30 && reached("edgegest0lre").length === 0; i++) { await new Promise((d) => setTimeout(d, 2000)); console.log(["re1","win","fea","lea"].map((x) => `${x}: ${runtime.status("edgegest0" + x)?.text}`).join(" | "), JSON.stringify(runtime.log().slice(-2)).slice(0, 600), JSON.stringify(failures().slice(0,1)).slice(0,300)); }
    const learned = reached("edgegest0lre")[0]!.payload;
    console.log(JSON.stringify(learned, undefined, 1).slice(0, 6000));
    await until(() => /^v1/.test(runtime.status("edgegest0inf")?.text ?? ""), "the model is taken over");
    await press("edgegest0in2");
    await until(() => reached("edgegest0deb").length > 0, "a report", 30_000);
    const { payload } = reached("edgegest0deb")[0]!;
    console.log(JSON.stringify(payload, undefined, 1).slice(0, 6000));
    expect(failures()).toEqual([]);
  }, 150_000);
});

describe("examples/forecast.json", () => {
  it("learns three weeks by itself, and forecasts the week after better than its last value does", async () => {
    await runtime.deploy(example("forecast"));
    await until(() => reached("edgefcst0lre").length > 0, "a learning report", 60_000);
    console.log(JSON.stringify(reached("edgefcst0lre")[0]!.payload, undefined, 1).slice(0, 6000));
    await until(() => /^v1/.test(runtime.status("edgefcst0inf")?.text ?? ""), "the model is taken over");
    await press("edgefcst0in2");
    await until(() => reached("edgefcst0deb").length > 0, "a report", 30_000);
    const { payload } = reached("edgefcst0deb")[0]!;
    console.log(JSON.stringify(payload, undefined, 1).slice(0, 4000));
    expect(failures()).toEqual([]);
  }, 120_000);
});
