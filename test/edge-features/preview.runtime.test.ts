import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Preview } from "../../nodes/edge-features/preview.ts";
import { windowMessage } from "../support/frames.ts";
import { type Runtime, startRuntime } from "../support/runtime.ts";

/** "reader" may see what the dialog shows, "other" may not. */
const users = new Map<string, string[]>([
  ["reader", ["edge-features.read"]],
  ["other", ["flows.write", "edge-model.read"]],
]);
const user = (username: string) =>
  Promise.resolve(users.has(username) ? { username, permissions: users.get(username) } : null);

let runtime: Runtime;
let reader: string;
beforeAll(async () => {
  runtime = await startRuntime({ settings: { adminAuth: { type: "credentials", users: user, authenticate: user } } });
  reader = await token("reader");
});
afterAll(() => runtime.stop());

async function token(username: string): Promise<string> {
  const response = await fetch(`${runtime.url}/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: "node-red-admin", grant_type: "password", scope: "", username, password: "x" }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function post(body: string, headers: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${runtime.url}/edge-ml/features/preview`, { method: "POST", headers, body });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}

const JSON_TYPE = { "content-type": "application/json" };
const ask = (question: unknown) => post(JSON.stringify(question), { ...JSON_TYPE, authorization: `Bearer ${reader}` });
const preview = async (question: unknown): Promise<Preview> => {
  const { status, body } = await ask(question);
  expect(body).toMatchObject({ blocks: expect.any(Array) });
  expect(status).toBe(200);
  return body as Preview;
};

const flow = (blocks: unknown = [{ block: "raw" }]) => [
  { id: "n", type: "edge-features", blocks, wires: [["sink"]] },
  { id: "sink", type: "test-sink" },
];

describe("POST edge-ml/features/preview", () => {
  it("refuses those who may not read it", async () => {
    const question = JSON.stringify({ blocks: [{ block: "raw" }] });
    expect((await post(question, JSON_TYPE)).status).toBe(401);
    expect((await post(question, { ...JSON_TYPE, authorization: "Bearer forged" })).status).toBe(401);
    expect((await post(question, { ...JSON_TYPE, authorization: `Bearer ${await token("other")}` })).status).toBe(401);
  });

  it("shows a made-up window while no node runs, the same each time", async () => {
    const question = { node: "none", blocks: [{ block: "flatten", statistics: ["average", "rms"] }] };
    const first = await preview(question);
    expect(first).toEqual({
      source: "synthetic",
      window: { samples: 256, channels: 2, rate: 100 },
      features: 4,
      cost: expect.any(Number),
      blocks: [
        {
          features: 4,
          names: ["x mean", "x RMS", "y mean", "y RMS"],
          units: ["x", "x", "x", "x"],
          values: [expect.any(Number), expect.any(Number), expect.any(Number), expect.any(Number)],
        },
      ],
    });
    expect((await preview(question)).blocks).toEqual(first.blocks);
    // Something to look at.
    expect(first.blocks[0]!.values[1]).toBeGreaterThan(0.1);
  });

  it("shows the made-up window that was asked for, through the filters", async () => {
    const sample = { channels: 1, samples: 100, rate: 10 };
    const { window, features, blocks } = await preview({
      blocks: [{ block: "raw" }, { block: "flatten", statistics: ["average"] }],
      filters: [{ filter: "decimate", factor: 2 }],
      sample,
    });
    expect(window).toEqual(sample);
    expect(features).toBe(51);
    expect(blocks.map((block) => block.features)).toEqual([50, 1]);
  });

  it("shows the last good window that the node got", async () => {
    await runtime.deploy(flow());
    runtime.send("n", windowMessage([[1, 2]], {}, { names: ["a", "b"], stream: "pump", rate: 5 }));
    runtime.send(
      "n",
      windowMessage([[Number.NaN]], {}, { quality: { ok: false, reasons: ["missing"], missing: 1, filled: 0 } }),
    );
    await runtime.receive("sink", 2);
    expect(await preview({ node: "n", blocks: [{ block: "raw", scale: 10 }] })).toMatchObject({
      source: "live",
      stream: "pump",
      window: { samples: 1, channels: 2, rate: 5 },
      blocks: [{ names: ["a", "b"], values: [10, 20] }],
    });
    // A node that was taken away leaves nothing behind.
    await runtime.deploy([]);
    expect((await preview({ node: "n", blocks: [{ block: "raw" }] })).source).toBe("synthetic");
  });

  it("does not keep a window that is too large to be looked at", async () => {
    await runtime.deploy(flow([{ block: "flatten" }]));
    const rows = Array.from({ length: 2 ** 16 + 1 }, () => [1]);
    runtime.send("n", windowMessage(rows));
    await runtime.receive("sink");
    expect((await preview({ node: "n", blocks: [{ block: "flatten" }] })).source).toBe("synthetic");
  });

  it("thins many features, and loses no peak", async () => {
    await runtime.deploy(flow());
    const rows = Array.from({ length: 60_000 }, (_, i) => [i === 47_777 ? -5 : i === 5 ? Number.NaN : 1]);
    runtime.send("n", windowMessage(rows, {}, { names: ["a"] }));
    await runtime.receive("sink");
    const { features, blocks } = await preview({ node: "n", blocks: [{ block: "raw" }] });
    expect(features).toBe(60_000);
    const [{ values, names, units }] = blocks as [Preview["blocks"][0]];
    expect(values.length).toBeLessThanOrEqual(2000);
    expect([names.length, units.length]).toEqual([values.length, values.length]);
    expect(names[values.indexOf(-5)]).toBe("a [47777]");
    expect(values).not.toContain(null);
  });

  it("says null for what is no number", async () => {
    await runtime.deploy(flow());
    runtime.send("n", windowMessage([[Number.NaN], [Number.POSITIVE_INFINITY], [1]]));
    await runtime.receive("sink");
    const { blocks } = await preview({ node: "n", blocks: [{ block: "raw" }] });
    expect(blocks[0]!.values).toEqual([null, null, 1]);
  });

  it("answers many questions at once, one after the other", async () => {
    const questions = Array.from({ length: 20 }, (_, i) =>
      preview({ blocks: [{ block: "raw" }], sample: { samples: i + 1 } }),
    );
    const answers = await Promise.all(questions);
    expect(answers.map(({ window }) => window.samples)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it("refuses what nobody can wait for", async () => {
    const question = { blocks: [{ block: "flatten" }], sample: { channels: 1, samples: 60_000 } };
    const answers = await Promise.all(Array.from({ length: 300 }, () => ask(question)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 429]));
    expect(answers.find(({ status }) => status === 429)!.body).toMatchObject({ code: "EDGE_ML_TOO_LARGE" });
    // … and goes on.
    expect((await ask(question)).status).toBe(200);
  });

  const block = [{ block: "raw" }];
  const wrong: [string, unknown, string, string][] = [
    ["a text for the blocks", { blocks: "raw" }, "EDGE_ML_SETTING", "blocks"],
    ["an empty list of blocks", { blocks: [] }, "EDGE_ML_SETTING", "blocks"],
    ["too many blocks", { blocks: Array.from({ length: 17 }, () => block[0]) }, "EDGE_ML_SETTING", "blocks"],
    [
      "too many filters",
      { blocks: block, filters: Array.from({ length: 9 }, () => ({ filter: "x" })) },
      "EDGE_ML_SETTING",
      "filters",
    ],
    ["an unknown block", { blocks: [{ block: "__proto__" }] }, "EDGE_ML_SETTING", "block"],
    ["an unknown filter", { blocks: block, filters: [{ filter: "constructor" }] }, "EDGE_ML_SETTING", "filter"],
    ["a wrong option", { blocks: [{ block: "raw", scale: "x" }] }, "EDGE_ML_SETTING", "scale"],
    [
      "a filter that does not fit the window",
      { blocks: block, filters: [{ filter: "low-pass", cutoff: 60 }] },
      "EDGE_ML_SETTING",
      "cutoff",
    ],
    ["a list for the node", { node: ["n"], blocks: block }, "EDGE_ML_SETTING", "node"],
    ["no samples", { blocks: block, sample: { samples: 0 } }, "EDGE_ML_SETTING", "sample.samples"],
    ["too many channels", { blocks: block, sample: { channels: 17 } }, "EDGE_ML_SETTING", "sample.channels"],
    ["rate 0", { blocks: block, sample: { rate: 0 } }, "EDGE_ML_SETTING", "sample.rate"],
    ["too large a window", { blocks: block, sample: { channels: 16, samples: 65_536 } }, "EDGE_ML_TOO_LARGE", "sample"],
    ["a list", [], "EDGE_ML_PAYLOAD", "body"],
  ];
  it.each(wrong)("refuses %s with a sentence that names the field", async (_, question, code, field) => {
    const { status, body } = await ask(question);
    expect({ status, body }).toEqual({ status: 400, body: { code, message: expect.stringContaining(field) } });
  });

  it("refuses a form, which a page from elsewhere could send", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded", authorization: `Bearer ${reader}` };
    expect(await post("blocks=raw", headers)).toMatchObject({ status: 400, body: { code: "EDGE_ML_PAYLOAD" } });
  });
});
