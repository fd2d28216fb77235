import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../nodes/lib/errors/index.ts";
import { atomicWrite, StateFile } from "../../../nodes/lib/files/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("atomicWrite", () => {
  it("writes text and bytes, replaces, and makes the folder", async () => {
    const path = join(folder, "a", "b", "x.json");
    await atomicWrite(path, "one");
    expect(readFileSync(path, "utf8")).toBe("one");
    await atomicWrite(path, Uint8Array.of(50, 51));
    expect(readFileSync(path, "utf8")).toBe("23");
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["x.json"]);
  });

  it("leaves the old file and no temporary one when it fails", async () => {
    // A folder in the file's place: the rename fails, after everything was written.
    const path = join(folder, "x");
    mkdirSync(join(path, "inside"), { recursive: true });
    await expect(atomicWrite(path, "new")).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["x"]);
    expect(readdirSync(path)).toEqual(["inside"]);
  });

  it("lets writes of one path at the same time finish whole", async () => {
    const path = join(folder, "x");
    const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
    await Promise.all(contents.map((content) => atomicWrite(path, content)));
    expect(contents).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder)).toEqual(["x"]);
  });
});

describe("StateFile", () => {
  interface State {
    count: number;
  }
  const check = (value: unknown): State => {
    if (typeof (value as State | null)?.count === "number") return value as State;
    throw new Error("count is missing");
  };
  const open = (path = join(folder, "state.json")) => {
    const errors: EdgeMlError[] = [];
    return { file: new StateFile<State>(path, check, (error) => errors.push(error), 1), errors, path };
  };

  it("gives back what was saved, and undefined before that", async () => {
    const { file } = open();
    expect(file.read()).toBeUndefined();
    file.save(() => ({ count: 1 }));
    file.save(() => ({ count: 2 }));
    await file.flush();
    expect(open().file.read()).toEqual({ count: 2 });
  });

  it("makes the state when it writes, not at every change", async () => {
    const { file } = open();
    let made = 0;
    for (let i = 0; i < 1000; i++) file.save(() => ({ count: ++made }));
    await file.flush();
    await file.flush();
    expect(made).toBe(1);
  });

  it("writes by itself a little later", async () => {
    const { file, path } = open();
    file.save(() => ({ count: 3 }));
    await expect.poll(() => existsSync(path) && readFileSync(path, "utf8")).toBe('{"count":3}');
  });

  const corrupt: [string, string][] = [
    ["empty", ""],
    ["half a file", '{"count":'],
    ["binary", "\u0000\u0001\u0002"],
    ["another thing", '{"hello":"world"}'],
    ["null", "null"],
    ["deep nesting", "[".repeat(200_000)],
  ];
  it.each(corrupt)("sets a corrupt file aside and says so: %s", (_, content) => {
    const { file, path } = open();
    writeFileSync(path, content);
    expect(() => file.read()).toThrowError(expect.objectContaining({ code: "EDGE_ML_STATE_CORRUPT" }));
    expect(readFileSync(`${path}.corrupt`, "utf8")).toBe(content);
    expect(file.read()).toBeUndefined();
  });

  it("sets a file aside that is too large to be its own, without reading it", () => {
    const { file, path } = open();
    writeFileSync(path, Buffer.alloc(33 * 1024 * 1024, 32));
    expect(() => file.read()).toThrowError(expect.objectContaining({ code: "EDGE_ML_STATE_CORRUPT" }));
  });

  it("says once that it cannot write, and writes again when it can", async () => {
    const { file, errors, path } = open();
    mkdirSync(join(path, "inside"), { recursive: true });
    for (let i = 0; i < 3; i++) {
      file.save(() => ({ count: i }));
      await file.flush();
    }
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(EdgeMlError);
    expect(errors[0]).toMatchObject({ code: "EDGE_ML_STATE_WRITE", details: { path } });
    rmSync(path, { recursive: true });
    await file.flush();
    expect(open().file.read()).toEqual({ count: 2 });
  });

  it("says that it cannot read, and leaves the file", () => {
    const { file, path } = open();
    mkdirSync(path);
    expect(() => file.read()).toThrowError(expect.objectContaining({ code: "EDGE_ML_STATE_READ" }));
    expect(existsSync(path)).toBe(true);
  });

  it("removes the file and what was set aside, also with a write under way", async () => {
    const { file, path } = open();
    writeFileSync(path, "x");
    expect(() => file.read()).toThrow();
    file.save(() => ({ count: 1 }));
    const flushed = file.flush();
    await file.remove();
    await flushed;
    expect(readdirSync(folder)).toEqual([]);
  });
});
