import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  /** Messages given and taken by edge-window, windows that went on, results that edge-alert is done with. */
  readonly #count = { given: 0, taken: 0, windows: 0, decided: 0 };
  readonly #nodeRed: EmbeddedNodeRed;
  readonly #bundle: Bundle;
  readonly #userDir: string;
  #failure: string | undefined;
  /** Looks whether what is waited for is there. */
  #look: (() => void) | undefined;

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
      for (const { source } of events) if (source.id === "window") this.#count.windows++;
    });
    hooks.add("onComplete.bench", ({ error, node }: { error?: Error; node: { id: string } }) => {
      if (error) this.#failure = error.message;
      if (node.id === "window") this.#count.taken++;
      if (node.id === "alert") this.#count.decided++;
      this.#look?.();
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
    this.#count.given++;
    this.#nodeRed.RED.nodes.getNode("window").receive({ topic, payload, rate: RATE, timestamp });
  }

  /** Until everything that was pushed is decided on. It looks when a node is done, and takes no time in between. */
  settled(): Promise<void> {
    return new Promise((done, failed) => {
      const end = (finish: () => void) => {
        clearTimeout(timer);
        this.#look = undefined;
        finish();
      };
      const timer = setTimeout(() => end(() => failed(new Error("The flow stands still."))), TIMEOUT);
      this.#look = () => {
        const count = this.#count;
        if (this.#failure !== undefined) end(() => failed(new Error(this.#failure)));
        else if (count.taken >= count.given && count.decided >= count.windows) end(done);
      };
      this.#look();
    });
  }

  async stop(): Promise<void> {
    await this.#nodeRed.stop();
    rmSync(this.#userDir, { recursive: true, force: true });
  }
}
