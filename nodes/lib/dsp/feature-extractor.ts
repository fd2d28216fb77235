import { EdgeMlError } from "../errors/index.js";
import type { Frame, FrameInfo } from "../frame/index.js";
import type { FeatureRecipe } from "../recipe/index.js";
import { type Block, type BlockPlan, chooseBlock } from "./blocks/index.js";

/** One block of an extractor, as the node's settings name it. */
export interface BlockChoice {
  block: string;
  [option: string]: unknown;
}

interface Plan {
  blocks: BlockPlan[];
  length: number;
  shape: number[];
  names: string[];
}

/** Turns windows into features: the outputs of its blocks, one after the other. Plans are kept per window shape. */
export class FeatureExtractor {
  readonly recipe: FeatureRecipe[];
  readonly #blocks: { block: Block; options: Record<string, unknown> }[];
  readonly #plans = new Map<string, Plan>();

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(choices: readonly BlockChoice[]) {
    const chosen = choices.map(({ block, ...options }) => chooseBlock(block, options));
    this.recipe = chosen.map(({ recipe }) => recipe);
    this.#blocks = chosen.map(({ block, recipe }) => ({ block, options: recipe.options }));
  }

  /**
   * The features of a window. A window whose quality is not ok keeps its flag; its numbers come out as they may (NaN).
   * @throws EdgeMlError EDGE_ML_FRAME when the frame is not a window
   */
  extract(window: Frame): Frame {
    const { info, data } = window;
    if (info.kind !== "window" || info.shape.length !== 2) {
      throw new EdgeMlError("EDGE_ML_FRAME", {
        field: "msg.frame.kind",
        got: `"${info.kind}" of shape ${info.shape.join(" × ")}`,
        expected: '"window" of samples × channels',
      });
    }
    const plan = this.#planFor(info);
    const out = new Float32Array(plan.length);
    let offset = 0;
    for (const block of plan.blocks) {
      block.compute(data, out, offset);
      offset += block.names.length;
    }
    return {
      data: out,
      info: {
        ...info,
        kind: "features",
        shape: plan.shape,
        names: plan.names,
        recipe: { ...info.recipe, features: this.recipe },
      },
    };
  }

  #planFor(info: FrameInfo): Plan {
    // A time window of a jittering source has a few different lengths: a handful of plans serves them.
    const key = JSON.stringify([info.shape, info.rate, info.names]);
    const known = this.#plans.get(key);
    if (known) return known;
    const [samples, columns] = info.shape as [number, number];
    const shape = {
      samples,
      channels: info.names.slice(0, columns),
      ...(info.rate === undefined ? {} : { rate: info.rate }),
    };
    const blocks = this.#blocks.map(({ block, options }) => block.plan(shape, options));
    const names = blocks.flatMap((block) => [...block.names]);
    const plan: Plan = { blocks, length: names.length, shape: [names.length], names };
    if (this.#plans.size >= MAX_PLANS) this.#plans.delete(this.#plans.keys().next().value!);
    this.#plans.set(key, plan);
    return plan;
  }
}

const MAX_PLANS = 32;
