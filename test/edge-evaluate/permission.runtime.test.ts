import { afterAll, beforeAll, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../support/runtime.ts";

const users: Record<string, string> = {
  reader: "edge-evaluate.read",
  writer: "edge-evaluate.write",
  other: "flows.read",
};

let runtime: Runtime;
beforeAll(async () => {
  const user = (name: string) => Promise.resolve(users[name] ? { username: name, permissions: users[name] } : null);
  runtime = await startRuntime({
    settings: {
      adminAuth: { type: "credentials", users: user, authenticate: user, default: () => Promise.resolve(null) },
    },
  });
});
afterAll(() => runtime.stop());

it.each(["GET", "DELETE"])("%s is not answered without a login", async (method) => {
  expect((await fetch(`${runtime.url}/edge-ml/evaluate/n`, { method })).status).toBe(401);
});

async function statusFor(name: string, method: string): Promise<number> {
  const body = new URLSearchParams({
    client_id: "node-red-editor",
    grant_type: "password",
    scope: users[name]!,
    username: name,
    password: "x",
  });
  const login = await fetch(`${runtime.url}/auth/token`, { method: "POST", body });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`${runtime.url}/edge-ml/evaluate/n`, { method, headers })).status;
}

it.each([
  ["GET", "reader", 200],
  ["GET", "other", 401],
  ["DELETE", "writer", 200],
  ["DELETE", "reader", 401],
])("%s answers the %s with %d", async (method, name, status) => {
  expect(await statusFor(name, method)).toBe(status);
});
