import { EdgeMlError } from "../errors/index.js";
import { type Frame, type FrameInfo, StreamTable } from "../frame/index.js";
import type { FeatureRecipe, FilterRecipe } from "../recipe/index.js";
import { type Block, type BlockPlan, chooseBlock, limitFeatures, type WindowMoment } from "./blocks/index.js";
import { type ChainPlan, chooseFilter, type Filter, planChain } from "./filters/index.js";

/** One block of an extractor, as the node's settings name it. */
export interface BlockChoice {
  block: string;
  [option: string]: unknown;
}

/** One filter of an extractor, as the node's settings name it. */
export interface FilterChoice {
  filter: string;
  [option: string]: unknown;
}

interface Plan {
  /** The window it is for. */
  samples: number;
  columns: number;
  rate: number | undefined;
  channels: readonly string[];
  /** A frozen list that was found to be the same: the frames of a stream carry the very same one. */
  seen: readonly string[];
  /** Undefined when there are no filters. */
  chain: ChainPlan | undefined;
  blocks: BlockPlan[];
  /** Of all features together. */
  length: number;
  shape: number[];
  /** Of the last axis. */
  names: string[];
  /** Of the first axis of a picture. */
  frameRate: number | undefined;
}

/** One memory for each block; undefined where the block remembers nothing. */
type Memories = unknown[];

/**
 * Turns windows into features: each channel goes through the filters, then the outputs of the blocks stand one after the
 * other. Plans are kept per window shape.
 */
export class FeatureExtractor {
  /** What the frames' recipe gets from here. */
  readonly recipe: { filters?: FilterRecipe[]; features: FeatureRecipe[] };
  readonly #filters: { filter: Filter; options: Record<string, unknown> }[];
  readonly #blocks: { block: Block; options: Record<string, unknown> }[];
  /** Newest use first. */
  readonly #plans: Plan[] = [];
  /** Undefined when no block remembers anything. */
  readonly #memories: StreamTable<Memories> | undefined;
  /**
   * A filter begins anew with each window, so a sample that two windows share comes out of it as two numbers: blocks
   * behind filters are not told where a window lies in its stream, and never take anything over from the one before.
   */
  readonly #filteredMoment: WindowMoment = { start: 0, end: 0 };
  readonly #remember = (): Memories => this.#blocks.map(({ block, options }) => block.remember?.(options));

  /** @throws EdgeMlError EDGE_ML_SETTING */
  constructor(choices: readonly BlockChoice[], filters: readonly FilterChoice[] = []) {
    const stages = filters.map(({ filter, ...options }) => chooseFilter(filter, options));
    const chosen = choices.map(({ block, ...options }) => chooseBlock(block, options));
    const features = chosen.map(({ recipe }) => recipe);
    // Every frame carries it: nobody downstream may change it for the others.
    this.recipe = freeze(stages.length > 0 ? { filters: stages.map(({ recipe }) => recipe), features } : { features });
    this.#filters = stages.map(({ filter, recipe }) => ({ filter, options: recipe.options }));
    this.#blocks = chosen.map(({ block, recipe }) => ({ block, options: recipe.options }));
    if (this.#remember().some((memory) => memory !== undefined)) this.#memories = new StreamTable(MAX_STREAMS);
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
    let samples = data;
    let moment: WindowMoment = info;
    if (plan.chain) {
      samples = plan.chain.apply(data);
      moment = this.#filteredMoment;
      moment.start = info.start;
      moment.end = info.end;
    }
    const memories = this.#memories?.get(info.stream, this.#remember);
    let offset = 0;
    for (let i = 0; i < plan.blocks.length; i++) {
      const block = plan.blocks[i]!;
      block.compute(samples, out, offset, moment, memories?.[i]);
      offset += block.names.length;
    }
    // Field by field: to copy them all and take one out takes as long as a block does.
    const features: FrameInfo = {
      kind: "features",
      shape: plan.shape,
      names: plan.names,
      stream: info.stream,
      seq: info.seq,
      start: info.start,
      end: info.end,
      quality: info.quality,
      recipe: { ...info.recipe, ...this.recipe },
    };
    if (info.position !== undefined) features.position = info.position;
    if (info.label !== undefined) features.label = info.label;
    if (plan.frameRate !== undefined) features.rate = plan.frameRate;
    return { data: out, info: features };
  }

  /** What each block makes of a window like this one: names, units and shapes, in the order of the numbers. */
  plansFor(info: FrameInfo): readonly BlockPlan[] {
    return this.#planFor(info).blocks;
  }

  #planFor({ shape, names, rate }: FrameInfo): Plan {
    const [samples, columns] = shape as [number, number];
    const plans = this.#plans;
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!;
      if (plan.samples !== samples || plan.columns !== columns || plan.rate !== rate) continue;
      if (plan.seen !== names) {
        if (!same(plan.channels, names)) continue;
        if (Object.isFrozen(names)) plan.seen = names;
      }
      if (i > 0) {
        plans.splice(i, 1);
        plans.unshift(plan);
      }
      return plan;
    }
    const plan = this.#plan(samples, names.slice(0, columns), rate);
    // A time window of a jittering source has a few different lengths: a handful of plans serves them.
    if (plans.length >= MAX_PLANS) plans.pop();
    plans.unshift(plan);
    return plan;
  }

  #plan(samples: number, channels: readonly string[], rate: number | undefined): Plan {
    const window = { samples, channels, ...(rate === undefined ? {} : { rate }) };
    const chain = this.#filters.length > 0 ? planChain(this.#filters, window) : undefined;
    const shape = chain?.output ?? window;
    const blocks = this.#blocks.map(({ block, options }) => block.plan(shape, options));
    limitFeatures(
      blocks.reduce((sum, block) => sum + block.names.length, 0),
      this.#blocks.map(({ block }) => block.title).join(" + "),
    );
    const names = blocks.flatMap((block) => [...block.names]);
    // A block by itself keeps its picture; several are one row of features.
    const picture = blocks.length === 1 && blocks[0]!.shape.length > 1 ? blocks[0] : undefined;
    return {
      samples,
      columns: channels.length,
      rate,
      channels,
      seen: channels,
      chain,
      blocks,
      length: names.length,
      shape: freeze(picture ? [...picture.shape] : [names.length]),
      names: freeze(picture?.axis ? [...picture.axis.names] : names),
      frameRate: picture?.axis?.rate,
    };
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part !== null) freeze(part);
  return Object.freeze(value) as T;
}

const MAX_PLANS = 32;
const MAX_STREAMS = 1024;
