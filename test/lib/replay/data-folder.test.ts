import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataFolder } from "../../../nodes/lib/replay/index.ts";
import { temporaryFolder } from "./files.ts";

const root = temporaryFolder();
const data = join(root.path, "data");
const examples = join(root.path, "examples");
for (const folder of [data, examples, join(data, "sub"), join(root.path, "data-of-others")]) mkdirSync(folder);
for (const file of [
  "data/a.csv",
  "data/sub/b.tsv",
  "data/image.png",
  "examples/e.csv",
  "secret.csv",
  "data-of-others/s.csv",
])
  writeFileSync(join(root.path, file), "x\n1\n");
symlinkSync(join(root.path, "secret.csv"), join(data, "link.csv"));
symlinkSync(join(data, "a.csv"), join(data, "inner.csv"));
symlinkSync(root.path, join(data, "up"));
execFileSync("mkfifo", [join(data, "pipe.csv")]);

const folder = new DataFolder(data, examples);

describe("DataFolder", () => {
  it.each([
    ["a.csv", "data/a.csv"],
    ["sub/b.tsv", "data/sub/b.tsv"],
    ["./sub/../a.csv", "data/a.csv"],
    ["inner.csv", "data/a.csv"],
    [join(data, "a.csv"), "data/a.csv"],
    ["examples:e.csv", "examples/e.csv"],
  ])("finds %s", (name, path) => expect(folder.resolve(name)).toBe(join(root.path, path)));

  it.each([
    ["../secret.csv"],
    ["sub/../../secret.csv"],
    ["/etc/passwd"],
    ["link.csv"],
    ["up/secret.csv"],
    ["examples:../secret.csv"],
    ["../data-of-others/s.csv"],
    ["."],
    [".."],
    ["../not-there.csv"],
  ])("never opens %s", (name) => {
    expect(() => folder.resolve(name)).toThrow(expect.objectContaining({ code: "EDGE_ML_FILE_OUTSIDE" }));
  });

  it.each([["none.csv"], ["sub"], ["pipe.csv"], [""], ["a\0.csv"], ["examples:"], ["examples:none.csv"]])(
    "says that %j cannot be read",
    (name) => expect(() => folder.resolve(name)).toThrow(expect.objectContaining({ code: "EDGE_ML_FILE_READ" })),
  );

  it("lists what can be played", () => {
    expect(folder.list()).toEqual(expect.arrayContaining(["a.csv", "sub/b.tsv", "examples:e.csv"]));
    expect(folder.list()).not.toContain("image.png");
    expect(new DataFolder(join(root.path, "none"), examples).list()).toEqual(["examples:e.csv"]);
  });
});
