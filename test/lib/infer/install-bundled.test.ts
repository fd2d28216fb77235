import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installBundled, loadModel, type ModelFile } from "../../../nodes/lib/infer/index.ts";
import { BundledModels, ModelStore, networkHash, withManifest } from "../../../nodes/lib/model/index.ts";
import { TS_WORKER } from "../../support/infer-models.ts";
import { background, keywordBytes, keywordManifest } from "../../support/keyword-model.ts";

let folder: string;
let store: ModelStore;
let bundled: BundledModels;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-ml-bundled-"));
  store = new ModelStore(join(folder, "store"));
  bundled = new BundledModels(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the package brings. */
function ship(year: number, seed = 1): Uint8Array {
  const own = keywordManifest("5", { created: `${year}-01-01T00:00:00.000Z` });
  const bytes = keywordBytes(own, JSON.stringify(background()), seed);
  writeFileSync(join(folder, "keywords.onnx"), bytes);
  return bytes;
}
const install = () => installBundled(store, bundled, "keywords", load);

/** Without a session: what ONNX Runtime says of a model is looked at in one test, since it takes its time. */
const load: Parameters<typeof installBundled>[3] = async () => ({ runner: { close: async () => undefined } });
const saveOwn = () => store.save("keywords", (version) => keywordBytes(keywordManifest(version), undefined, 9));

describe("installBundled", () => {
  it("puts a copy into a store that has no such model, and does so once", async () => {
    const shipped = ship(2026);
    expect(await bundled.names()).toEqual(["keywords"]);
    expect(await install()).toBe("1");
    const current = await store.current("keywords");
    expect(current?.manifest).toMatchObject({ name: "keywords", version: "1", labels: ["hello", "stop", "none"] });
    // The network is the same one, whatever version the store calls it.
    expect(networkHash(current!.bytes)).toBe(networkHash(shipped));
    expect(await install()).toBeUndefined();
    expect(await store.list("keywords")).toEqual(["1"]);
  });

  it("replaces the copy of an older one, which stays for going back, and is not forced on who went back", async () => {
    ship(2026);
    await install();
    ship(2027, 2);
    expect(await install()).toBe("2");
    expect((await store.current("keywords"))?.version).toBe("2");
    await store.activate("keywords", "1");
    expect(await install()).toBeUndefined();
    expect((await store.current("keywords"))?.version).toBe("1");
  });

  it("leaves a newer copy alone, as after the package was downgraded", async () => {
    ship(2027);
    await install();
    ship(2026, 2);
    expect(await install()).toBeUndefined();
  });

  it("never touches a model of one's own", async () => {
    await saveOwn();
    ship(2027);
    expect(await install()).toBeUndefined();
    expect(await store.list("keywords")).toEqual(["1"]);
  });

  it("nor one of one's own that came after a copy", async () => {
    ship(2026);
    await install();
    await saveOwn();
    ship(2027, 2);
    expect(await install()).toBeUndefined();
    expect((await store.current("keywords"))?.version).toBe("2");
  });

  it("keeps the store as it is when the bundled one does not work", async () => {
    ship(2026);
    await install();
    const own = keywordManifest("6", { created: "2028-01-01T00:00:00.000Z", outputs: { probabilities: "nothing" } });
    writeFileSync(join(folder, "keywords.onnx"), withManifest(ship(2027, 3), own));
    const really = (file: ModelFile) => loadModel(file, { worker: TS_WORKER });
    const attempt = installBundled(store, bundled, "keywords", really);
    await expect(attempt).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
    writeFileSync(join(folder, "keywords.onnx"), "no model");
    await expect(install()).rejects.toMatchObject({ code: "EDGE_ML_MODEL_INVALID" });
    expect(await store.list("keywords")).toEqual(["1"]);
  });

  it.each(["other", "__proto__", "../keywords"])("knows no bundled model %s", async (name) => {
    ship(2026);
    expect(await installBundled(store, bundled, name)).toBeUndefined();
    expect(await new BundledModels(join(folder, "missing")).names()).toEqual([]);
  });
});
