import { EdgeMlError } from "../errors/index.js";
import type { Frame, FrameInfo, Quality } from "../frame/index.js";
import { networkHash, readModelInfo } from "../model/index.js";
import type { EmbeddingRecipe } from "../recipe/index.js";
import type { ModelFile } from "./load-model.js";
import type { OutputTensor } from "./runner.js";

/** A layer in front of a network's classes, which can go on as a frame: what a model of one's own is learned from. */
export class Embedding {
  /** The tensor's name. */
  readonly output: string;
  /** e0, e1, … */
  readonly names: readonly string[];
  readonly recipe: EmbeddingRecipe;
  readonly #model: string;

  /**
   * @param name what the model is called in errors
   * @throws EdgeMlError EDGE_ML_MODEL_INVALID when the model names no such layer, or not how long it is
   */
  constructor({ name: model, bytes, manifest }: ModelFile, name: string) {
    const output = manifest?.outputs.embedding;
    if (output === undefined) throw invalid(name, "its manifest names no embedding, which this node is to pass on");
    const shape = readModelInfo(bytes, name).outputs.find((each) => each.name === output)?.shape;
    const length = shape?.length === 2 ? shape[1] : undefined;
    if (typeof length !== "number") throw invalid(name, `its output "${output}" is not of the shape [N, D]`);
    this.#model = name;
    this.output = output;
    // Frozen, so that who checks frames knows them again.
    this.names = Object.freeze(Array.from({ length }, (_, i) => `e${i}`));
    this.recipe = Object.freeze({ model, sha256: networkHash(bytes, name), output });
  }

  /**
   * The frame of a row of a batch.
   * @param info of the frame that went into the network
   * @throws EdgeMlError EDGE_ML_MODEL_RUN
   */
  frame(info: FrameInfo, outputs: readonly OutputTensor[], row: number, rows: number): Frame {
    const tensor = outputs.find(({ name }) => name === this.output);
    const { length } = this.names;
    if (!ArrayBuffer.isView(tensor?.data) || tensor.data.length !== rows * length) {
      const got = tensor ? `has the shape ${tensor.shape.join(" × ")}` : "is missing";
      throw failed(this.#model, `its output "${this.output}" ${got}, but ${rows} × ${length} was expected`);
    }
    const data = Float32Array.from(tensor.data.subarray(row * length, (row + 1) * length));
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw failed(this.#model, `number ${wrong} of its embedding is ${data[wrong]}`);
    return { data, info: this.#info(info) };
  }

  /** The frame of one that must not be scored: without numbers, and with the reason. */
  badFrame(info: FrameInfo, quality: Quality): Frame {
    const data = new Float32Array(this.names.length).fill(Number.NaN);
    return { data, info: { ...this.#info(info), quality } };
  }

  #info({ rate: _, ...info }: FrameInfo): FrameInfo {
    return {
      ...info,
      kind: "features",
      shape: [this.names.length],
      names: this.names as string[],
      recipe: { ...info.recipe, embedding: this.recipe },
    };
  }
}

function invalid(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
}

function failed(name: string, reason: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_MODEL_RUN", { name, reason });
}
