import { afterAll, beforeAll, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../support/runtime.ts";

const users: Record<string, string> = { reader: "edge-microphone.read", other: "flows.read" };

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

const paths = ["devices", "n/level"];

it.each(paths)("%s is not answered without a login", async (path) => {
  expect((await fetch(`${runtime.url}/edge-ml/microphone/${path}`)).status).toBe(401);
});

async function statusFor(name: string, path: string): Promise<number> {
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
  return (await fetch(`${runtime.url}/edge-ml/microphone/${path}`, { headers })).status;
}

it.each(paths)("%s needs the permission edge-microphone.read", async (path) => {
  expect(await statusFor("other", path)).toBe(401);
  expect(await statusFor("reader", path)).toBe(200);
});
