import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { buildFlow } from "../../scripts/evaluate/voice/flow.ts";
import { type EmbeddedNodeRed, embedNodeRed, nodeRedLine } from "../../scripts/lib/embedded-node-red.ts";
import { ROOT } from "../../scripts/lib/project.ts";
import { library } from "../lib/library.ts";
import type { Bundle } from "./bundle.ts";
import { RATE } from "./sound.ts";

const BEGIN = Date.UTC(2026, 0, 1);
/** ms */
const TIMEOUT = 120_000;

/** The flow of a voice trigger in a real Node-RED in this process. A process can have one. */
export class ListeningFlow {
  readonly version: string;
  /** Windows that went on to the features, and results that edge-alert is done with. */
  windows = 0;
  decided = 0;
  readonly #nodeRed: EmbeddedNodeRed;
  readonly #bundle: Bundle;
  readonly #userDir: string;
  #failure: string | undefined;

  static async start(bundle: Bundle): Promise<ListeningFlow> {
    const userDir = mkdtempSync(join(tmpdir(), "edge-ml-bench-"));
    const { manifest, bytes } = bundle;
    const { name } = manifest;
    const store = new library.ModelStore(join(userDir, "edge-ml", "models"));
    await store.save(name, (version) => library.withManifest(bytes, { ...manifest, version }));
    const nodeRed = await embedNodeRed(nodeRedLine(), userDir, [join(ROOT, "bench/nodes")]);
    return new ListeningFlow(nodeRed, bundle, userDir);
  }

  private constructor(nodeRed: EmbeddedNodeRed, bundle: Bundle, userDir: string) {
    this.#nodeRed = nodeRed;
    this.#bundle = bundle;
    this.#userDir = userDir;
    this.version = nodeRed.version;
    const { hooks } = nodeRed.RED;
    hooks.add("onSend.bench", (events: { source: { id: string } }[]) => {
      for (const { source } of events) if (source.id === "window") this.windows++;
    });
    hooks.add("onComplete.bench", ({ error, node }: { error?: Error; node: { id: string } }) => {
      if (error) this.#failure = error.message;
      if (node.id === "alert") this.decided++;
    });
  }

  /** @param window settings of edge-window beside the recipe's */
  async deploy(window: object = {}): Promise<void> {
    const settings = { window, alert: { when: "keyword" }, collector: "bench-sink" };
    await this.#nodeRed.deploy(buildFlow(this.#bundle.manifest, settings));
  }

  /** A piece of PCM of one microphone, as edge-microphone sends it. @param at samples from its beginning */
  push(topic: string, payload: Buffer, at: number): void {
    const timestamp = BEGIN + (at * 1000) / RATE;
    this.#nodeRed.RED.nodes.getNode("window").receive({ topic, payload, rate: RATE, timestamp });
  }

  /** Until everything that was pushed is decided on. */
  async settled(): Promise<void> {
    const began = performance.now();
    while (this.decided < this.windows) {
      if (performance.now() - began > TIMEOUT) throw new Error("The flow stands still.");
      if (this.#failure !== undefined) throw new Error(this.#failure);
      await turn();
    }
  }

  async stop(): Promise<void> {
    await this.#nodeRed.stop();
    rmSync(this.#userDir, { recursive: true, force: true });
  }
}
