/** The admin routes of a Node-RED whose editor has a login. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { anomalyBundle } from "../support/models.ts";
import { ROOT, type Runtime, startRuntime } from "../support/runtime.ts";

const { modelStore } = require(join(ROOT, "dist/glue/index.js")) as typeof import("../../nodes/glue/index.ts");

const users = new Map<string, string | string[]>([
  ["nothing", []],
  ["other", ["flows.read", "flows.write"]],
  ["reader", ["edge-model.read"]],
  ["writer", ["edge-model.read", "edge-model.write"]],
  ["viewer", "read"],
  ["all", "*"],
]);
const user = (username: string) =>
  Promise.resolve(users.has(username) ? { username, permissions: users.get(username) } : null);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime({ settings: { adminAuth: { type: "credentials", users: user, authenticate: user } } });
  const store = modelStore({ ...runtime.RED, settings: runtime.RED.settings });
  for (let i = 0; i < 2; i++) await store.save("ahu-1", (version) => anomalyBundle({ name: "ahu-1", version }));
});
afterAll(() => runtime.stop());

async function token(username: string): Promise<string> {
  const response = await fetch(`${runtime.url}/auth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_id: "node-red-admin",
      grant_type: "password",
      // All that the user may do.
      scope: "",
      username,
      password: "x",
    }),
  });
  expect(response.status).toBe(200);
  return (await response.json()).access_token;
}

async function statuses(username: string | undefined): Promise<number[]> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (username === "forged") headers.authorization = "Bearer forged";
  else if (username !== undefined) headers.authorization = `Bearer ${await token(username)}`;
  const url = `${runtime.url}/edge-ml/models`;
  const read = await fetch(url, { headers });
  const body = JSON.stringify({ version: "1" });
  const write = await fetch(`${url}/ahu-1/current`, { method: "POST", headers, body });
  const doctor = await fetch(`${runtime.url}/edge-ml/doctor`, { headers });
  // Whoever may read the models may ask what the machine can do.
  expect(doctor.status).toBe(read.status);
  return [read.status, write.status];
}

/** A wish for each of the other routes; none of them changes anything for a user who may do it. */
const OTHERS: [permission: "read" | "write", method: string, path: string, expected: number][] = [
  ["read", "GET", "models/ahu-1/versions/1", 200],
  ["read", "GET", "models/ahu-1/versions/1/file", 200],
  ["read", "GET", "model-files", 200],
  ["write", "POST", "models/ahu-1/versions?files=[]", 400],
  ["write", "DELETE", "models/ahu-1/versions/9", 404],
];

it.each<[username: string | undefined, may: ("read" | "write")[]]>([
  [undefined, []],
  ["nothing", []],
  ["other", []],
  ["reader", ["read"]],
  ["viewer", ["read"]],
  ["writer", ["read", "write"]],
])("lets %s use the routes for files as it must", async (username, may) => {
  const headers: Record<string, string> = { "content-type": "application/octet-stream" };
  if (username !== undefined) headers.authorization = `Bearer ${await token(username)}`;
  for (const [permission, method, path, expected] of OTHERS) {
    const { status } = await fetch(`${runtime.url}/edge-ml/${path}`, { method, headers });
    expect([method, path, status]).toEqual([method, path, may.includes(permission) ? expected : 401]);
  }
});

it.each([
  ["nobody", undefined, [401, 401]],
  ["a forged token", "forged", [401, 401]],
  ["a user without permissions", "nothing", [401, 401]],
  ["a user with other permissions", "other", [401, 401]],
  ["a user who may read", "reader", [200, 401]],
  ["a user who may read everything", "viewer", [200, 401]],
  ["a user who may change", "writer", [200, 200]],
  ["a user who may do everything", "all", [200, 200]],
])("answers %s as it must", async (_, username, expected) => {
  expect(await statuses(username)).toEqual(expected);
});
