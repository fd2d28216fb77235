import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EdgeMlError } from "../../../../nodes/lib/errors/index.ts";
import { disk } from "../../../../nodes/lib/files/index.ts";
import { ModelStore, type ModelStoreOptions, readModelInfo } from "../../../../nodes/lib/model/index.ts";
import { anomalyBundle } from "../../../support/models.ts";
import { ROOT } from "../../../support/runtime.ts";
import { RNN, tflite } from "../../../support/tflite.ts";
import { faultyDisk } from "./faults.ts";

let folder: string;
const stores: ModelStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-store-"));
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: ModelStoreOptions = {}) {
  const store = new ModelStore(folder, options);
  stores.push(store);
  const told: string[] = [];
  const problems: EdgeMlError[] = [];
  store.on("current", (name, model) => told.push(`${name} ${model.version}`));
  store.on("problem", (_, error) => problems.push(error));
  return { store, told, problems };
}

const name = "ahu-1";
const make = (version: string) => anomalyBundle({ name, version });
const code = (code: string) => expect.objectContaining({ code });
const file = (...path: string[]) => join(folder, name, ...path);
const files = () => readdirSync(join(folder, name)).sort();
const versions = (count: number) => Array.from({ length: count }, (_, i) => String(count - i));

async function saves(store: ModelStore, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await store.save(name, make);
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("not within 10 s");
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe("ModelStore", () => {
  it("is empty at first", async () => {
    const { store } = open();
    expect(await store.names()).toEqual([]);
    expect(await store.list(name)).toEqual([]);
    expect(await store.current(name)).toBeUndefined();
    await expect(store.read(name, "1")).rejects.toThrow(code("EDGE_ML_MODEL_NOT_FOUND"));
    await expect(store.activate(name, "1")).rejects.toThrow(code("EDGE_ML_MODEL_NOT_FOUND"));
    await store.clean();
  });

  it("counts versions, makes each the current one and tells it", async () => {
    const { store, told, problems } = open();
    const first = await store.save(name, make);
    const second = await store.save(name, make);
    expect(first).toMatchObject({ name, version: "1", path: file("1.onnx"), manifest: { name, version: "1" } });
    expect(second.sha256).toBe(
      createHash("sha256")
        .update(readFileSync(file("2.onnx")))
        .digest("hex"),
    );
    expect(await store.list(name)).toEqual(["2", "1"]);
    expect(await store.names()).toEqual([name]);
    expect(await store.current(name)).toEqual(second);
    expect(await store.read(name, "1")).toEqual(first);
    expect(told).toEqual(["ahu-1 1", "ahu-1 2"]);
    expect(problems).toEqual([]);
    expect(files()).toEqual(["1.onnx", "2.onnx", "current"]);
    expect(readFileSync(file("current"), "latin1")).toBe(`2 ${second.sha256}\n`);
  });

  it("goes back, and counts on from the newest", async () => {
    const { store, told } = open();
    await saves(store, 3);
    expect((await store.activate(name, "1")).version).toBe("1");
    expect((await store.current(name))?.version).toBe("1");
    await store.activate(name, "1");
    expect((await open().store.current(name))?.version).toBe("1");
    expect((await store.save(name, make)).version).toBe("4");
    expect(told).toEqual(["ahu-1 1", "ahu-1 2", "ahu-1 3", "ahu-1 1", "ahu-1 4"]);
  });

  it("goes back by one version at a time, until there is none before", async () => {
    const { store, told } = open();
    await expect(store.goBack(name)).rejects.toThrow(code("EDGE_ML_MODEL_NOT_FOUND"));
    await saves(store, 3);
    rmSync(file("2.onnx"));
    expect((await store.goBack(name)).version).toBe("1");
    await expect(store.goBack(name)).rejects.toThrow(/a version before 1/);
    expect((await store.current(name))?.version).toBe("1");
    expect(told.slice(3)).toEqual(["ahu-1 1"]);
  });

  it("keeps the newest versions, the current one and the one before it", async () => {
    const { store } = open({ keep: 3 });
    await saves(store, 5);
    expect(await store.list(name)).toEqual(["5", "4", "3"]);
    await store.activate(name, "3");
    await saves(store, 1);
    expect(await store.list(name)).toEqual(["6", "5", "4", "3"]);
    await saves(store, 1);
    expect(await store.list(name)).toEqual(["7", "6", "5"]);
  });

  it("lets saves of one model take turns", async () => {
    const { store } = open({ keep: 50 });
    let running = 0;
    const slow = async (version: string) => {
      expect(++running).toBe(1);
      await new Promise((done) => setTimeout(done, 1));
      running--;
      return make(version);
    };
    const models = await Promise.all(Array.from({ length: 20 }, () => store.save(name, slow)));
    expect(models.map((model) => model.version)).toEqual(versions(20).reverse());
  });

  it("gives two processes' saves different versions", async () => {
    const [a, b] = [open({ keep: 50 }).store, open({ keep: 50 }).store];
    const models = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).save(name, make)));
    expect(new Set(models.map((model) => model.version)).size).toBe(20);
    for (const model of models) expect(model.manifest?.version).toBe(model.version);
    expect((await a.list(name)).length).toBe(20);
    const current = await open().store.current(name);
    expect(models).toContainEqual(current);
  });

  it("takes a file that was put there by hand", async () => {
    mkdirSync(join(folder, "theirs"));
    const bytes = readFileSync(new URL("../../../golden/onnx/theirs-old.onnx", import.meta.url));
    writeFileSync(join(folder, "theirs", "7.onnx"), bytes);
    const { store, problems } = open();
    const model = await store.current("theirs");
    expect(model).toMatchObject({ version: "7" });
    expect(model).not.toHaveProperty("manifest");
    expect(problems).toEqual([]);
    writeFileSync(join(folder, "theirs", "current"), "7");
    expect((await store.current("theirs"))?.version).toBe("7");
    expect((await store.save("theirs", () => bytes)).version).toBe("8");
  });

  it("counts beyond a version that only the pointer knows", async () => {
    const { store } = open();
    await saves(store, 2);
    rmSync(file("2.onnx"));
    expect((await store.save(name, make)).version).toBe("3");
  });

  const names: [string, unknown][] = [
    ["nothing", undefined],
    ["empty", ""],
    ["a dot", "."],
    ["the folder above", ".."],
    ["a path", "a/b"],
    ["a path upwards", "../../etc/passwd"],
    ["a path of Windows", "a\\b"],
    ["an absolute path", "/etc"],
    ["__proto__", "__proto__"],
    ["a hidden file", ".hidden"],
    ["a blank", "a b"],
    ["a line break", "a\n"],
    ["a zero byte", "a\0b"],
    ["an umlaut", "größe"],
    ["65 letters", "x".repeat(65)],
    ["a million letters", "x".repeat(1_000_000)],
    ["a number", 5],
    ["a list", ["a"]],
    ["an object", { toString: () => "a" }],
  ];
  it.each(names)("refuses %s as a name", async (_, wrong) => {
    const { store } = open();
    const bad = wrong as string;
    for (const use of [
      () => store.save(bad, make),
      () => store.current(bad),
      async () => store.list(bad),
      async () => store.read(bad, "1"),
      () => store.activate(bad, "1"),
    ]) {
      await expect(use()).rejects.toThrow(code("EDGE_ML_MODEL_NAME"));
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([undefined, "", "0", "01", "-1", "1.5", "current", "../1", "1/../1", "__proto__", "9".repeat(20), 1])(
    "refuses %j as a version",
    async (version) => {
      const { store } = open();
      await saves(store, 1);
      await expect(store.read(name, version as string)).rejects.toThrow(code("EDGE_ML_MODEL_NOT_FOUND"));
      await expect(store.activate(name, version as string)).rejects.toThrow(code("EDGE_ML_MODEL_NOT_FOUND"));
      expect((await store.current(name))?.version).toBe("1");
    },
  );

  const bad: [string, (version: string) => unknown, string][] = [
    ["bytes that are no model", () => Uint8Array.of(1, 2, 3), "EDGE_ML_MODEL_INVALID"],
    ["no bytes", () => new Uint8Array(), "EDGE_ML_MODEL_INVALID"],
    ["a model that is cut off", (version) => make(version).subarray(0, 200), "EDGE_ML_MODEL_INVALID"],
    ["another model's manifest", (version) => anomalyBundle({ name: "other", version }), "EDGE_ML_MODEL_INVALID"],
    ["another version's manifest", () => make("9"), "EDGE_ML_MODEL_INVALID"],
  ];
  it.each(bad)("refuses %s, and keeps what is in use", async (_, wrong, expected) => {
    const { store, told } = open();
    await saves(store, 1);
    await expect(store.save(name, wrong as typeof make)).rejects.toThrow(code(expected));
    expect((await store.current(name))?.version).toBe("1");
    expect(files()).toEqual(["1.onnx", "current"]);
    expect(told).toEqual(["ahu-1 1"]);
    expect((await store.save(name, make)).version).toBe("2");
  });

  it("hands on what the maker throws, and goes on", async () => {
    const { store } = open();
    await expect(store.save(name, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect((await store.save(name, make)).version).toBe("1");
  });

  it("does not let a listener's mistake spoil a save", async () => {
    const { store, problems } = open();
    store.on("current", () => {
      throw new Error("listener");
    });
    expect((await store.save(name, make)).version).toBe("1");
    expect(problems).toEqual([code("EDGE_ML_INTERNAL")]);
  });
});

describe("a store that was damaged", () => {
  const damages: [string, () => void, string][] = [
    ["current is empty", () => writeFileSync(file("current"), ""), "3"],
    ["current is a zero byte", () => writeFileSync(file("current"), "\0"), "3"],
    ["current is garbage", () => writeFileSync(file("current"), "__proto__"), "3"],
    ["current is a path", () => writeFileSync(file("current"), "../../etc/passwd"), "3"],
    ["current is huge", () => writeFileSync(file("current"), "1".repeat(100_000)), "3"],
    ["current names a version that is not there", () => writeFileSync(file("current"), "9\n"), "3"],
    ["the current file is gone", () => rmSync(file("3.onnx")), "2"],
    ["the current file is empty", () => writeFileSync(file("3.onnx"), ""), "2"],
    ["the current file is cut off", () => writeFileSync(file("3.onnx"), make("3").subarray(0, 300)), "2"],
    ["one bit of the current file fell over", () => flipBit(file("3.onnx")), "2"],
    [
      "the two newest files are damaged",
      () => {
        writeFileSync(file("3.onnx"), "x");
        writeFileSync(file("2.onnx"), "x");
      },
      "1",
    ],
  ];
  it.each(damages)("falls back to the newest version that can be read, and says so: %s", async (_, damage, version) => {
    await saves(open().store, 3);
    damage();
    const { store, problems } = open();
    expect((await store.current(name))?.version).toBe(version);
    await store.current(name);
    expect(problems).toEqual([code("EDGE_ML_MODEL_FALLBACK")]);
    expect(problems[0]!.message).toContain(`version ${version} is used instead`);
    // A new version repairs it.
    const repaired = await store.save(name, make);
    expect(Number(repaired.version)).toBeGreaterThan(Number(version));
    expect(await store.current(name)).toEqual(repaired);
    expect(problems.length).toBe(1);
  });

  it("says that no version can be read", async () => {
    await saves(open().store, 2);
    for (const version of ["1", "2"]) writeFileSync(file(`${version}.onnx`), "x");
    await expect(open().store.current(name)).rejects.toThrow(code("EDGE_ML_MODEL_INVALID"));
  });

  it("ignores what is not its own", async () => {
    const { store } = open();
    await saves(store, 1);
    for (const other of ["2.onnx.bak", "0.onnx", "x.onnx", "01.onnx", "2.ONNX", "notes.txt"]) {
      writeFileSync(file(other), "x");
    }
    mkdirSync(file("5.onnx"));
    writeFileSync(join(folder, "readme"), "x");
    mkdirSync(join(folder, "__proto__"));
    mkdirSync(join(folder, "empty"));
    expect(await store.names()).toEqual([name]);
    expect(await store.list(name)).toEqual(["1"]);
    expect((await store.current(name))?.version).toBe("1");
  });

  it("says that the store's folder is a file", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "");
    await expect(open().store.save(name, make)).rejects.toThrow(code("EDGE_ML_STORE"));
    expect(await open().store.names()).toEqual([]);
  });
});

function flipBit(path: string): void {
  const bytes = readFileSync(path);
  // In the weights: as protobuf it is still a valid model.
  const at = bytes.indexOf(Buffer.from(Float32Array.of(20).buffer));
  expect(at).toBeGreaterThan(0);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

/** How many steps on the disk one save takes, the fourth with two versions kept: one is removed. */
async function stepsOfSave(): Promise<string[]> {
  await saves(open({ keep: 2 }).store, 3);
  const fileSystem = faultyDisk(Number.POSITIVE_INFINITY, "crash");
  await saves(open({ keep: 2, fileSystem }).store, 1);
  rmSync(join(folder, name), { recursive: true });
  return fileSystem.steps;
}

describe("a disk that fails", () => {
  it("stays whole whatever step of a save is the last one before the power goes", async () => {
    const steps = await stepsOfSave();
    expect(steps).toEqual([
      ...["makeFolder", "syncFolder"],
      ...["makeFolder", "write", "publish", "syncFolder"],
      ...["makeFolder", "write", "replace", "syncFolder"],
      "remove",
    ]);
    for (let failAt = 0; failAt < steps.length; failAt++) {
      await saves(open({ keep: 2 }).store, 3);
      const fileSystem = faultyDisk(failAt, "crash");
      const dying = open({ keep: 2, fileSystem });
      const saved = await dying.store.save(name, make).catch(() => undefined);

      const { store, problems } = open({ keep: 2 });
      const current = await store.current(name);
      const replaced = failAt > steps.indexOf("replace");
      expect(current?.version, `step ${failAt}`).toBe(replaced ? "4" : "3");
      expect(saved?.version, `step ${failAt}`).toBe(replaced ? "4" : undefined);
      expect(problems).toEqual([]);
      // The leftovers go when they are old enough to be nobody's.
      const old = new Date(Date.now() - 3_600_000);
      for (const left of files().filter((file) => file.endsWith(".tmp"))) utimesSync(file(left), old, old);
      const next = await store.save(name, make);
      expect(Number(next.version)).toBeGreaterThan(Number(current!.version));
      expect(files().filter((file) => file.endsWith(".tmp"))).toEqual([]);
      expect((await store.list(name)).length).toBeLessThanOrEqual(3);
      rmSync(join(folder, name), { recursive: true });
    }
  });

  it("keeps the model in use, and nothing half done, whatever step of a save fails once", async () => {
    const steps = await stepsOfSave();
    for (let failAt = 0; failAt < steps.length; failAt++) {
      await saves(open({ keep: 2 }).store, 3);
      const { store, told, problems } = open({ keep: 2, fileSystem: faultyDisk(failAt, "error") });
      // After the replacing, the new model is in use: what fails then is told, not thrown.
      if (failAt > steps.indexOf("replace")) {
        expect((await store.save(name, make)).version).toBe("4");
        expect(problems, `step ${failAt}`).toEqual([code("EDGE_ML_STORE")]);
        expect(told).toEqual(["ahu-1 4"]);
      } else {
        const failing = store.save(name, make);
        await expect(failing, `step ${failAt}`).rejects.toThrow(code("EDGE_ML_STORE"));
        await expect(failing).rejects.toThrow(/the disk is full/);
        expect((await open().store.current(name))?.version).toBe("3");
        expect(files()).toEqual(["2.onnx", "3.onnx", "current"]);
        expect(told).toEqual([]);
        expect((await store.save(name, make)).version).toBe("4");
      }
      expect(await open().store.current(name)).toMatchObject({ version: "4", manifest: { version: "4" } });
      rmSync(join(folder, name), { recursive: true });
    }
  });

  it.each([
    ["EROFS", /the disk is read-only/],
    ["EACCES", /permission denied/],
    ["EIO", /the disk reports an error/],
    ["EWHATEVER", /injected EWHATEVER/],
  ])("says what is wrong: %s", async (reason, message) => {
    await saves(open().store, 2);
    const { store } = open({ fileSystem: faultyDisk(0, "crash", reason) });
    await expect(store.activate(name, "1")).rejects.toThrow(message);
    await expect(store.save(name, make)).rejects.toThrow(message);
    expect((await store.current(name))?.version).toBe("2");
  });

  it("says that it cannot read", async () => {
    await saves(open().store, 1);
    const read = () => Promise.reject(Object.assign(new Error("x"), { code: "EIO" }));
    const { store } = open({ fileSystem: { ...disk, read } });
    await expect(store.current(name)).rejects.toThrow(/could not read .* the disk reports an error/);
  });

  it("removes the leftovers of a crash, and only those", async () => {
    const { store } = open();
    await saves(store, 1);
    for (const left of [".2.onnx.abc.tmp", ".current.abc.tmp", ".3.onnx.new.tmp", "mine.tmp"])
      writeFileSync(file(left), "x");
    const old = new Date(Date.now() - 3_600_000);
    for (const left of [".2.onnx.abc.tmp", ".current.abc.tmp", "mine.tmp"]) utimesSync(file(left), old, old);
    await store.clean();
    expect(files()).toEqual([".3.onnx.new.tmp", "1.onnx", "current", "mine.tmp"]);
  });
});

describe("a store that watches", () => {
  const ways: [string, ModelStoreOptions][] = [
    ["told by the system", { watch: true, pollInterval: 1_000_000 }],
    ["looking by itself", { watch: true, pollInterval: 20 }],
  ];
  it.each(ways)("notices what another process makes current: %s", async (_, options) => {
    const other = open().store;
    await saves(other, 1);
    const { store, told, problems } = open(options);
    expect((await store.current(name))?.version).toBe("1");
    await saves(other, 1);
    await until(() => told.length === 1);
    await other.activate(name, "1");
    await until(() => told.length === 2);
    // Its own is told once.
    await saves(store, 1);
    await new Promise((done) => setTimeout(done, 200));
    expect(told).toEqual(["ahu-1 2", "ahu-1 1", "ahu-1 3"]);
    expect(problems).toEqual([]);
  });

  it("notices the first version of a model that was asked for before there was one", async () => {
    const { store, told } = open({ watch: true, pollInterval: 20 });
    expect(await store.current(name)).toBeUndefined();
    await saves(open().store, 1);
    await until(() => told.length === 1);
    rmSync(join(folder, name), { recursive: true });
    mkdirSync(join(folder, name));
    writeFileSync(file("5.onnx"), make("5"));
    await until(() => told.length === 2);
    expect(told).toEqual(["ahu-1 1", "ahu-1 5"]);
  });

  it("waits for a file that comes after the pointer to it", async () => {
    await saves(open().store, 2);
    const { store, told, problems } = open({ watch: true, pollInterval: 20 });
    expect((await store.current(name))?.version).toBe("2");
    writeFileSync(file("current"), "3\n");
    await until(() => problems.length === 1);
    expect(told).toEqual([]);
    writeFileSync(file("3.onnx"), make("3"));
    await until(() => told.length === 1);
    expect(told).toEqual(["ahu-1 3"]);
    expect(problems.length).toBe(1);
  });

  it("does not read a file that the machine has no memory for, and uses the version before it", async () => {
    const gibibyte = 1024 ** 3;
    const { store, problems } = open({ availableMemory: () => gibibyte });
    await saves(store, 2);
    // No disk is filled: the file has a length, and nothing in it.
    truncateSync(file("2.onnx"), gibibyte);
    await expect(store.read(name, "2")).rejects.toMatchObject({
      code: "EDGE_ML_MODEL_TOO_LARGE",
      message: expect.stringMatching(/"ahu-1, version 2".*larger than 256 MiB, a quarter of the memory/),
    });
    expect((await store.current(name))?.version).toBe("1");
    expect(problems).toEqual([code("EDGE_ML_MODEL_FALLBACK")]);
    expect(problems[0]!.message).toMatch(/larger than 256 MiB/);
    await expect(store.activate(name, "2")).rejects.toThrow(code("EDGE_ML_MODEL_TOO_LARGE"));
  });

  it("reads small files whatever the system says of its memory", async () => {
    const { store } = open({ availableMemory: () => 0 });
    await saves(store, 1);
    expect((await store.current(name))?.version).toBe("1");
  });

  it("tells a disk's problem once, and goes on", async () => {
    let broken = false;
    const read: typeof disk.read = (path, limit) =>
      broken ? Promise.reject(Object.assign(new Error("x"), { code: "EIO" })) : disk.read(path, limit);
    await saves(open().store, 1);
    const { store, told, problems } = open({ watch: true, pollInterval: 10, fileSystem: { ...disk, read } });
    await store.current(name);
    store.on("problem", () => {
      throw new Error("a listener's mistake, which must not end the process");
    });
    broken = true;
    await until(() => problems.length === 1);
    await new Promise((done) => setTimeout(done, 100));
    expect(problems).toEqual([code("EDGE_ML_STORE")]);
    broken = false;
    await saves(open().store, 1);
    await until(() => told.length === 1);
  });

  it("tells those who asked earlier when somebody who asks again sees the change first", async () => {
    await saves(open().store, 1);
    const { store, told } = open();
    await store.current(name);
    await store.current(name);
    expect(told).toEqual([]);
    await saves(open().store, 1);
    expect((await store.current(name))?.version).toBe("2");
    expect(told).toEqual(["ahu-1 2"]);
  });

  it("tells nothing after it was closed", async () => {
    const { store, told } = open({ watch: true, pollInterval: 10 });
    await store.current(name);
    store.close();
    await saves(open().store, 1);
    await new Promise((done) => setTimeout(done, 100));
    expect(told).toEqual([]);
    expect(existsSync(file("1.onnx"))).toBe(true);
  });
});

describe("a .tflite file in the store", () => {
  const wand = readFileSync(join(ROOT, "test/golden/tflite/magic-wand-int8.tflite"));
  const rnn = tflite({ tensors: [{}, {}], operators: [{ code: RNN, inputs: [0], outputs: [1] }] });

  it("is kept as it came, and handed out as ONNX", async () => {
    const { store, told } = open();
    await saves(store, 1);
    const saved = await store.save(name, () => wand);
    expect(files()).toEqual(["1.onnx", "2.tflite", "current"]);
    expect(readFileSync(file("2.tflite"))).toEqual(wand);
    expect(saved).toMatchObject({ version: "2", path: file("2.tflite") });
    expect(saved.sha256).toBe(createHash("sha256").update(wand).digest("hex"));
    expect(readModelInfo(saved.bytes).producerName).toBe("TensorFlow Lite");
    expect(await open().store.current(name)).toEqual(saved);
    await store.activate(name, "1");
    await store.activate(name, "2");
    expect(told).toEqual(["ahu-1 1", "ahu-1 2", "ahu-1 1", "ahu-1 2"]);
  });

  it("may be put there by hand", async () => {
    mkdirSync(join(folder, name));
    writeFileSync(file("1.tflite"), wand);
    const { store } = open();
    expect(await store.names()).toEqual([name]);
    expect(await store.list(name)).toEqual(["1"]);
    expect(await store.current(name)).toMatchObject({ version: "1", path: file("1.tflite") });
  });

  it("goes with the old versions", async () => {
    const { store } = open({ keep: 1 });
    await store.save(name, () => wand);
    await saves(store, 2);
    expect(files()).toEqual(["2.onnx", "3.onnx", "current"]);
  });

  it("that cannot be converted is not saved, and the one before it stays in use", async () => {
    const { store, problems } = open();
    await saves(store, 1);
    await expect(store.save(name, () => rnn)).rejects.toThrow(code("EDGE_ML_MODEL_OPERATORS"));
    await expect(store.save(name, () => wand.subarray(0, 3000))).rejects.toThrow(code("EDGE_ML_MODEL_INVALID"));
    expect(files()).toEqual(["1.onnx", "current"]);
    writeFileSync(file("2.tflite"), rnn);
    writeFileSync(file("current"), "2");
    expect((await store.current(name))?.version).toBe("1");
    expect(problems.map(({ code, details }) => [code, details.reason])).toEqual([
      ["EDGE_ML_MODEL_FALLBACK", "TensorFlow Lite's operators RNN (1 ×) are not known here"],
    ]);
  });
});
