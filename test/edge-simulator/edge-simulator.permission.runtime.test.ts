/** The button's route in a Node-RED with a login: only those who may write can inject a fault. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../support/runtime.ts";

let runtime: Runtime;

const users: Record<string, string[]> = {
  admin: ["*"],
  operator: ["edge-simulator.write"],
  viewer: ["read"],
  other: ["inject.write"],
};

beforeAll(async () => {
  runtime = await startRuntime({
    settings: {
      adminAuth: {
        type: "credentials",
        users: async (username: string) =>
          Object.hasOwn(users, username) ? { username, permissions: users[username] } : null,
        authenticate: async (username: string, password: string) =>
          Object.hasOwn(users, username) && password === `${username}-password`
            ? { username, permissions: users[username] }
            : null,
      },
    },
  });
  await runtime.deploy([
    { id: "n", type: "edge-simulator", fault: "fan-failed", wires: [["sink"]] },
    { id: "sink", type: "test-sink" },
  ]);
});
afterAll(() => runtime.stop());

async function press(user?: string): Promise<Response> {
  const headers: Record<string, string> = {};
  if (user !== undefined) {
    const response = await fetch(`${runtime.url}/auth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_id: "node-red-admin",
        grant_type: "password",
        scope: users[user]!.join(" "),
        username: user,
        password: `${user}-password`,
      }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    expect(access_token).toBeTypeOf("string");
    headers.authorization = `Bearer ${access_token}`;
  }
  return fetch(`${runtime.url}/edge-simulator/n`, { method: "POST", headers });
}

describe("the button of edge-simulator, with a login", () => {
  it("refuses those who are not logged in", async () => {
    expect((await press()).status).toBe(401);
    expect(
      (await fetch(`${runtime.url}/edge-simulator/n`, { method: "POST", headers: { authorization: "Bearer x" } }))
        .status,
    ).toBe(401);
    expect(runtime.status("n")?.fill).toBe("green");
  });

  // Node-RED answers a missing permission with 401, too.
  it.each(["viewer", "other"])("refuses %s, who may not", async (user) => {
    expect([401, 403]).toContain((await press(user)).status);
    expect(runtime.status("n")?.fill).toBe("green");
  });

  it.each(["admin", "operator"])("lets %s inject a fault and take it away", async (user) => {
    expect(await (await press(user)).json()).toEqual({ fault: "fan-failed" });
    expect(runtime.status("n")?.fill).toBe("yellow");
    expect(await (await press(user)).json()).toEqual({ fault: null });
  });
});
