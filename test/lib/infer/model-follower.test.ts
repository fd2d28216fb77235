import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { EdgeMlError } from "../../../nodes/lib/errors/index.ts";
import { type LoadedModel, type ModelFile, ModelFollower } from "../../../nodes/lib/infer/index.ts";

const file = (version: string): ModelFile => ({
  name: "ahu",
  version,
  sha256: `of ${version}`,
  bytes: new Uint8Array(),
});

/** A store and a loader that the test holds in its hand. */
class Stand extends EventEmitter {
  inStore: ModelFile | undefined;
  readonly log: string[] = [];
  readonly loads: { version: string; end: (error?: Error) => void }[] = [];
  readonly closed: string[] = [];
  readonly follower = new ModelFollower(
    this,
    "ahu",
    ({ version }) =>
      new Promise<LoadedModel>((resolve, reject) => {
        const runner = {
          close: async () => {
            this.closed.push(version);
          },
        };
        const model = { reference: { version }, runner } as unknown as LoadedModel;
        this.loads.push({ version, end: (error) => (error ? reject(error) : resolve(model)) });
      }),
    {
      use: ({ reference }) => this.log.push(`use ${reference.version}`),
      kept: (version) => this.log.push(`kept ${version}`),
      refused: (version, error) => this.log.push(`refused ${version} ${error.code}`),
      loading: () => undefined,
    },
  );

  async current(): Promise<ModelFile | undefined> {
    return this.inStore;
  }

  announce(version: string, name = "ahu"): void {
    this.emit("current", name, file(version));
  }

  async end(error?: Error): Promise<void> {
    this.loads.at(-1)!.end(error);
    await settled();
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const bad = () => new EdgeMlError("EDGE_ML_MODEL_INVALID", { name: "ahu", reason: "test" });

describe("ModelFollower", () => {
  it("takes the current version, and each that follows, of its model only", async () => {
    const stand = new Stand();
    stand.inStore = file("1");
    const started = stand.follower.start();
    await settled();
    await stand.end();
    await started;
    stand.announce("9", "other");
    stand.announce("2");
    await stand.end();
    expect(stand.log).toEqual(["use 1", "use 2"]);
  });

  it("waits for the first version when there is none", async () => {
    const stand = new Stand();
    await stand.follower.start();
    expect(stand.log).toEqual([]);
    stand.announce("1");
    await stand.end();
    expect(stand.log).toEqual(["use 1"]);
  });

  it("tells of a refused version once, and takes the next good one", async () => {
    const stand = new Stand();
    await stand.follower.start();
    stand.announce("1");
    await stand.end();
    stand.announce("2");
    await stand.end(bad());
    stand.announce("3");
    await stand.end();
    expect(stand.log).toEqual(["use 1", "refused 2 EDGE_ML_MODEL_INVALID", "use 3"]);
  });

  it("skips versions that were replaced while another was loading", async () => {
    const stand = new Stand();
    await stand.follower.start();
    for (const version of ["1", "2", "3"]) stand.announce(version);
    await stand.end();
    await stand.end();
    expect(stand.loads.map(({ version }) => version)).toEqual(["1", "3"]);
    expect(stand.log).toEqual(["use 1", "use 3"]);
  });

  it("loads nothing again when it is rolled back to what is in use", async () => {
    const stand = new Stand();
    await stand.follower.start();
    stand.announce("1");
    await stand.end();
    stand.announce("2");
    await stand.end(bad());
    stand.announce("1");
    await settled();
    expect(stand.loads.map(({ version }) => version)).toEqual(["1", "2"]);
    // The refused version is not the wished one any more: all is well.
    expect(stand.log).toEqual(["use 1", "refused 2 EDGE_ML_MODEL_INVALID", "kept 1"]);
  });

  it("tells when the store cannot be read", async () => {
    const stand = new Stand();
    stand.current = () => Promise.reject(new EdgeMlError("EDGE_ML_STORE", { action: "read", path: "x", reason: "y" }));
    await stand.follower.start();
    expect(stand.log).toEqual(["refused undefined EDGE_ML_STORE"]);
  });

  it("throws away what is loaded when it is closed, and listens no more", async () => {
    const stand = new Stand();
    await stand.follower.start();
    stand.announce("1");
    const closed = stand.follower.close();
    stand.announce("2");
    await stand.end();
    await closed;
    expect(stand.closed).toEqual(["1"]);
    expect(stand.log).toEqual([]);
    expect(stand.listenerCount("current")).toBe(0);
  });
});
