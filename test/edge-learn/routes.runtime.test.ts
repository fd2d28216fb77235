/** The admin routes behind the dialog, of a Node-RED whose editor has a login. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Msg, type Runtime, startRuntime, until } from "../support/runtime.ts";

const users = new Map<string, string | string[]>([
  ["nothing", []],
  ["other", ["edge-model.read", "edge-model.write", "flows.write"]],
  ["reader", ["edge-learn.read"]],
  ["all", "*"],
]);
const user = (username: string) =>
  Promise.resolve(users.has(username) ? { username, permissions: users.get(username) } : null);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ settings: { adminAuth: { type: "credentials", users: user, authenticate: user } } });
});
afterAll(() => runtime.stop());

const tokens = new Map<string, string>();
async function headers(username = "all"): Promise<Record<string, string>> {
  if (username === "nobody") return { "content-type": "application/json" };
  if (!tokens.has(username)) {
    const response = await fetch(`${runtime.url}/auth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ client_id: "node-red-admin", grant_type: "password", scope: "", username, password: "x" }),
    });
    tokens.set(username, (await response.json()).access_token);
  }
  return { "content-type": "application/json", authorization: `Bearer ${tokens.get(username)}` };
}

const url = (node: string) => `${runtime.url}/edge-ml/learning/${node}`;

async function look(node: string, known = ""): Promise<Msg> {
  return (await fetch(`${url(node)}?known=${known}`, { headers: await headers("all") })).json() as Promise<Msg>;
}

async function press(node: string, body: unknown, username?: string): Promise<Response> {
  return fetch(url(node), { method: "POST", headers: await headers(username), body: JSON.stringify(body) });
}

async function deploy(id: string, settings: Msg = {}): Promise<void> {
  await runtime.deploy([
    { id: `${id}-config`, type: "edge-model", config: true, model: `${id}-model` },
    { id, type: "edge-learn", model: `${id}-config`, amount: "told", ...settings, wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
}

async function feed(id: string, from: number, to: number, label?: string, columns = 3): Promise<void> {
  for (let i = from; i < to; i++) {
    await runtime.sendAndWait(id, {
      payload: Float32Array.from({ length: columns }, (_, k) => Math.sin(i * (k + 1.7))),
      frame: {
        kind: "features",
        shape: [columns],
        names: Array.from({ length: columns }, (_, k) => `f${k}`),
        stream: "s",
        seq: i,
        start: i * 1000,
        end: i * 1000,
        quality: { ok: true, reasons: [], missing: 0, filled: 0 },
        recipe: { version: 1 },
        ...(label === undefined ? {} : { label }),
      },
    });
  }
}

it.each([
  ["nobody", 401, 401],
  ["nothing", 401, 401],
  ["other", 401, 401],
  ["reader", 200, 401],
  ["all", 200, 200],
])("%s gets %d and may do %d", async (username, read, write) => {
  await deploy("guarded");
  expect((await fetch(url("guarded"), { headers: await headers(username) })).status).toBe(read);
  expect((await press("guarded", { command: "stop" }, username)).status).toBe(write);
});

it("tells what is there, learns, and gives the report of the newest version once", async () => {
  await deploy("n", { task: "class", method: "decision-tree" });
  await feed("n", 0, 25, "wave");
  await feed("n", 25, 50, "idle");
  await feed("n", 50, 53);
  const before = await look("n");
  expect(before.newest).toBeUndefined();
  expect(before.live).toMatchObject({
    phase: "collecting",
    collected: 50,
    counts: [
      { label: "wave", count: 25 },
      { label: "idle", count: 25 },
    ],
    bad: 0,
    label: 3,
    next: null,
    recording: null,
    problem: null,
  });
  expect((await press("n", { command: "train" })).status).toBe(200);
  await runtime.receive("sink");
  const { newest, live } = await look("n");
  expect(live.phase).toBe("learned");
  expect(newest).toMatchObject({ version: "1", report: { task: "class", method: "decision-tree", frames: 50 } });
  expect(newest.report).toEqual(JSON.parse(JSON.stringify(runtime.received("sink")[0]!.payload)));
  expect((await look("n", "1")).newest).toEqual({ version: "1" });
});

it("says at once that there is too little, also in what it tells", async () => {
  await deploy("few");
  await feed("few", 0, 5);
  const response = await press("few", { command: "train" });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: "EDGE_ML_LEARN_TOO_FEW", message: expect.stringContaining("5") });
});

it("cancels a training that runs, and begins anew", async () => {
  await deploy("slow", { method: "autoencoder" });
  await feed("slow", 0, 1500, undefined, 60);
  await press("slow", { command: "train" });
  await until(() => runtime.status("slow")?.text?.startsWith("training") === true, "the training");
  const stopped = (await (await press("slow", { command: "stop" })).json()) as Msg;
  expect(stopped.live).toMatchObject({ phase: "idle", collected: 1500 });
  const again = (await (await press("slow", { command: "again" })).json()) as Msg;
  expect(again.live).toMatchObject({ phase: "collecting", collected: 0 });
  expect(runtime.received("sink")).toEqual([]);
});

it.each<[string, string, unknown, number]>([
  ["a node that is not there", "gone", { command: "train" }, 404],
  ["a node with a hostile name", "__proto__", { command: "train" }, 404],
  ["a command that is none", "n2", { command: "fly" }, 400],
  ["no command", "n2", {}, 400],
  ["a list", "n2", [], 400],
])("refuses %s", async (_, node, body, status) => {
  await deploy("n2");
  expect((await press(node, body)).status).toBe(status);
});

it("takes no form, which a page from elsewhere could send", async () => {
  await deploy("n3");
  const { authorization } = await headers("all");
  const response = await fetch(url("n3"), {
    method: "POST",
    headers: { authorization: authorization!, "content-type": "application/x-www-form-urlencoded" },
    body: "command=again",
  });
  expect(response.status).toBe(400);
});

it("tells nothing of a node that is not deployed", async () => {
  await deploy("n4");
  expect(await look("gone")).toEqual({});
});
