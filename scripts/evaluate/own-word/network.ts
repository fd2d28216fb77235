import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { FeatureExtractor } from "../../../nodes/lib/dsp/index.ts";
import type { Frame, FrameInfo } from "../../../nodes/lib/frame/index.ts";
import { Embedding } from "../../../nodes/lib/infer/embedding.ts";
import { backgroundFrames } from "../../../nodes/lib/infer/index.ts";
import { SessionRunner } from "../../../nodes/lib/infer/session-runner.ts";
import { type Manifest, readBackground, readManifest } from "../../../nodes/lib/model/index.ts";
import type { WindowRecipe } from "../../../nodes/lib/recipe/index.ts";

/** The bundled network, and the features that it takes as its recipe says them. */
export class Network {
  readonly #runner: SessionRunner;
  readonly #embedding: Embedding;
  readonly #manifest: Manifest;
  readonly #bytes: Uint8Array;
  readonly #extractor: FeatureExtractor;
  readonly window: WindowRecipe;

  static async open(path: string): Promise<Network> {
    const bytes = readFileSync(path);
    const manifest = readManifest(bytes, path)!;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const file = { name: manifest.name, version: manifest.version, sha256, bytes, manifest };
    const embedding = new Embedding(file, manifest.name);
    const runner = await SessionRunner.open({ name: manifest.name, bytes, outputs: [embedding.output] });
    return new Network(runner, embedding, manifest, bytes);
  }

  private constructor(runner: SessionRunner, embedding: Embedding, manifest: Manifest, bytes: Uint8Array) {
    this.#runner = runner;
    this.#embedding = embedding;
    this.#manifest = manifest;
    this.#bytes = bytes;
    const { window, features = [] } = manifest.input.recipe;
    this.window = window!;
    this.#extractor = new FeatureExtractor(features.map(({ block, options }) => ({ block, ...options })));
  }

  /** s */
  get windowSeconds(): number {
    return this.window.size / this.window.rate!;
  }

  /** The embedding of every window of a sound, hop by hop. */
  async embed(sound: Float32Array, stream: string, label?: string): Promise<Frame[]> {
    const { size, hop, rate } = this.window;
    const frames: Frame[] = [];
    for (let seq = 0, at = 0; at + size <= sound.length; seq++, at += hop) {
      const info: FrameInfo = {
        kind: "window",
        shape: [size, 1],
        names: ["value"],
        rate: rate!,
        stream,
        seq,
        start: (1000 * at) / rate!,
        end: (1000 * (at + size - 1)) / rate!,
        position: at,
        quality: { ok: true, reasons: [], missing: 0, filled: 0 },
        recipe: { version: 1, window: this.window },
        ...(label === undefined ? {} : { label }),
      };
      const { data, info: features } = this.#extractor.extract({ data: sound.subarray(at, at + size), info });
      const { outputs } = await this.#runner.run(data, 1, features.shape);
      frames.push(this.#embedding.frame(features, outputs, 0, 1));
    }
    return frames;
  }

  background(): Frame[] {
    const found = readBackground(this.#bytes);
    return [...backgroundFrames(found, this.#embedding, this.#manifest.input.recipe, 1e9)];
  }

  async close(): Promise<void> {
    await this.#runner.close();
  }
}
