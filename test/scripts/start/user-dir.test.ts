import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exampleNames, seedUserDir } from "../../../scripts/lib/start/user-dir.ts";

let folder: string;
let root: string;
let userDir: string;
const flow = [{ id: "t", type: "tab", label: "Pump", info: "Press **the button**." }];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-seed-"));
  root = join(folder, "project");
  userDir = join(folder, "user");
  mkdirSync(join(root, "examples/recordings"), { recursive: true });
  writeFileSync(join(root, "examples/pump.json"), JSON.stringify(flow));
  writeFileSync(join(root, "examples/other.json"), JSON.stringify([{ id: "o", type: "tab", label: "Other" }]));
  writeFileSync(join(root, "examples/recordings/rows.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (file: string) => createRequire(import.meta.url)(file) as Record<string, unknown>;

describe("the user directory", () => {
  it("gets the example and settings at the first start", () => {
    const seeded = seedUserDir(userDir, "pump", root);
    expect(JSON.parse(readFileSync(seeded.flowFile, "utf8"))).toEqual(flow);
    expect(seeded).toMatchObject({ isExample: true, title: "Pump", info: "Press **the button**.", hasPassword: false });
    expect(seeded.defines).toEqual([]);
    expect(load(seeded.settingsFile)).toMatchObject({
      flowFile: "flows.json",
      nodesDir: [root],
      telemetry: { enabled: false, updateNotification: false },
      editorTheme: { tours: false },
    });
    if (process.platform !== "win32") expect(statSync(seeded.settingsFile).mode & 0o077).toBe(0);
  });

  it("gets a secret of its own", () => {
    const secrets = ["a", "b"].map(
      (name) => load(seedUserDir(join(folder, name), "pump", root).settingsFile).credentialSecret,
    );
    expect(secrets[0]).toMatch(/^[0-9a-f]{48}$/);
    expect(secrets[0]).not.toBe(secrets[1]);
  });

  it("stays as it is at the next start", () => {
    const first = seedUserDir(userDir, "pump", root);
    const settings = readFileSync(first.settingsFile, "utf8");
    expect(seedUserDir(userDir, "pump", root)).toEqual(first);
    expect(readFileSync(first.settingsFile, "utf8")).toBe(settings);
  });

  it("keeps a flow that was changed, whatever example is asked for", () => {
    const { flowFile } = seedUserDir(userDir, "pump", root);
    const mine = JSON.stringify([{ ...flow[0], label: "Mine" }]);
    writeFileSync(flowFile, mine);
    for (const example of ["pump", "other", "gone"]) {
      expect(seedUserDir(userDir, example, root)).toMatchObject({ isExample: false, title: "Mine" });
      expect(readFileSync(flowFile, "utf8")).toBe(mine);
    }
  });

  it("takes the example for the same when Node-RED only wrote it in another way", () => {
    const { flowFile } = seedUserDir(userDir, "pump", root);
    writeFileSync(flowFile, JSON.stringify(flow, null, 4));
    expect(seedUserDir(userDir, "pump", root).isExample).toBe(true);
  });

  it("of somebody's own Node-RED gets nothing but the nodes", () => {
    mkdirSync(userDir);
    const settings = `module.exports = { flowFile: "home.json" };\n`;
    writeFileSync(join(userDir, "settings.js"), settings);
    writeFileSync(join(userDir, "home.json"), "[]");
    const seeded = seedUserDir(userDir, "pump", root);
    expect(seeded.flowFile).toBe(join(userDir, "home.json"));
    expect(seeded.defines).toEqual([`nodesDir=${JSON.stringify([root])}`]);
    expect(readFileSync(seeded.settingsFile, "utf8")).toBe(settings);
    expect(existsSync(join(userDir, "flows.json"))).toBe(false);
  });

  it("with a broken flow file is left alone", () => {
    const { flowFile } = seedUserDir(userDir, "pump", root);
    writeFileSync(flowFile, "[{");
    expect(seedUserDir(userDir, "pump", root)).toMatchObject({ isExample: false, title: "" });
    expect(readFileSync(flowFile, "utf8")).toBe("[{");
  });

  it("with a password says so", () => {
    mkdirSync(userDir);
    writeFileSync(
      join(userDir, "settings.js"),
      `module.exports = {\n  adminAuth: { type: "credentials", users: [] },\n};\n`,
    );
    expect(seedUserDir(userDir, "pump", root).hasPassword).toBe(true);
  });

  it("is not made for an example that there is not", () => {
    expect(exampleNames(root)).toEqual(["other", "pump"]);
    expect(() => seedUserDir(userDir, "none", root)).toThrow('There is no example "none". There are: other, pump.');
    expect(() => seedUserDir(userDir, "data/rows", root)).toThrow("There is no example");
    expect(existsSync(userDir)).toBe(false);
  });

  it("that cannot be written is named", () => {
    writeFileSync(userDir, "a file");
    expect(() => seedUserDir(join(userDir, "inside"), "pump", root)).toThrow(
      /user directory .*inside cannot be written/,
    );
  });
});
