import type { Random } from "../math/random.js";
import { Kernel, type KernelTensor } from "./kernel.js";
import { correctedRate, layersOf, lossGraph, type NetworkPlan, parameterCount, stepGraph } from "./network.js";

/** What a network learns from. */
export interface NetworkRows {
  rows: number;
  /** Row-major [rows, inputs]. */
  x: Float32Array;
  /** Row-major [rows, outputs]. */
  target: Float32Array;
  /** How much each row counts, [rows]. */
  weights: Float32Array;
  /** The rows that are learned from, and those that only tell when to stop: none of them in both. */
  training: Int32Array;
  validation: Int32Array;
}

export interface NetworkSettings {
  /** Passes over the rows at most, in each of the two rounds. */
  epochs: number;
  /** Adam's first learning rate. */
  rate: number;
}

export interface TrainedNetwork {
  /** As layersOf places them. */
  parameters: Float32Array;
  /** Passes that were made, in both rounds. */
  epochs: number;
  /** The mean loss of the validation rows, with the parameters that were kept. */
  validationLoss: number;
}

/** Rows of one step. */
export const BATCH = 32;

/** Passes without a better validation loss until the rate is lowered, at least so many; and steps. */
const PATIENCE_EPOCHS = 8;
const PATIENCE_STEPS = 1000;

/** What the rate is multiplied by, and how often, until the training ends. */
const LOWER = 0.2;
const TIMES_LOWERED = 2;

/** By how much a loss has to be lower, as a share of it, to be better. */
const BETTER = 1e-3;

/** Rows for one run of the loss. */
const LOSS_ROWS = 4096;

/**
 * Trains a network with Adam on ONNX Runtime's kernels. When the loss of the validation rows no longer falls, it goes
 * back to the best parameters and on with a lower rate, until that brings nothing more, either. Then it learns once
 * more from all rows, with as many passes at each rate as were the best.
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME; Cancelled
 */
export async function trainNetwork(
  plan: NetworkPlan,
  data: NetworkRows,
  settings: NetworkSettings,
  random: Random,
  progress: (share: number) => void,
): Promise<TrainedNetwork> {
  const step = await Kernel.compile(stepGraph(plan));
  const loss = await Kernel.compile(lossGraph(plan));
  try {
    return await new Training(plan, data, settings, random, step, loss).run(progress);
  } finally {
    // After a cancel nothing goes through the gate any more: the thread ends, and its memory with it.
    await Promise.all([step.release(), loss.release()]).catch(() => undefined);
  }
}

const USUAL_STEPS = 6000;

/** Passes for a number of rows: few rows need more of them to come to as many steps. */
export function usualEpochs(rows: number): number {
  return Math.min(1000, Math.max(50, Math.ceil(USUAL_STEPS / Math.ceil(rows / BATCH))));
}

/** Passes at one rate. */
interface Stage {
  rate: number;
  passes: number;
}

class Training {
  readonly #plan: NetworkPlan;
  readonly #data: NetworkRows;
  readonly #settings: NetworkSettings;
  readonly #random: Random;
  readonly #step: Kernel;
  readonly #loss: Kernel;
  readonly #x: Float32Array;
  readonly #target: Float32Array;
  readonly #weights: Float32Array;
  #parameters: KernelTensor;
  #first: KernelTensor;
  #second: KernelTensor;
  #steps = 0;

  constructor(
    plan: NetworkPlan,
    data: NetworkRows,
    settings: NetworkSettings,
    random: Random,
    step: Kernel,
    loss: Kernel,
  ) {
    this.#plan = plan;
    this.#data = data;
    this.#settings = settings;
    this.#random = random;
    this.#step = step;
    this.#loss = loss;
    this.#x = new Float32Array(BATCH * plan.sizes[0]!);
    this.#target = new Float32Array(BATCH * plan.sizes.at(-1)!);
    this.#weights = new Float32Array(BATCH);
    this.#parameters = this.#vector(initialParameters(plan, random));
    [this.#first, this.#second] = this.#moments();
  }

  async run(progress: (share: number) => void): Promise<TrainedNetwork> {
    const { training, rows } = this.#data;
    const { epochs } = this.#settings;
    const { schedule, loss, made } = await this.#search(training.slice(), (pass) => progress(pass / (2 * epochs)));
    // Once more from the start with all rows: those of the validation are the newest.
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    const passes = schedule.reduce((sum, stage) => sum + stage.passes, 0);
    let done = 0;
    this.#begin(initialParameters(this.#plan, this.#random));
    for (const stage of schedule) {
      this.#forgetMoments();
      for (let pass = 0; pass < stage.passes; pass++, done++) {
        await this.#pass(all, stage.rate, (part) => progress(0.5 + (done + part) / (2 * passes)));
      }
    }
    return { parameters: this.#parameters.data as Float32Array, epochs: made + passes, validationLoss: loss };
  }

  /** How many passes at which rate make the validation's loss the least. */
  async #search(
    order: Int32Array,
    progress: (pass: number) => void,
  ): Promise<{ schedule: Stage[]; loss: number; made: number }> {
    const steps = Math.ceil(order.length / BATCH);
    const patience = Math.max(PATIENCE_EPOCHS, Math.ceil(PATIENCE_STEPS / steps));
    const schedule: Stage[] = [];
    let best = this.#parameters;
    let least = await this.#validate();
    let stage: Stage = { rate: this.#settings.rate, passes: 0 };
    let since = 0;
    let pass = 0;
    while (pass < this.#settings.epochs) {
      await this.#pass(order, stage.rate, (part) => progress(pass + part));
      pass++;
      since++;
      const now = await this.#validate();
      if (now < least * (1 - BETTER)) {
        least = now;
        best = this.#parameters;
        stage.passes += since;
        since = 0;
      } else if (since >= patience) {
        schedule.push(stage);
        if (schedule.length > TIMES_LOWERED) return { schedule, loss: least, made: pass };
        this.#begin(best.data as Float32Array);
        stage = { rate: stage.rate * LOWER, passes: 0 };
        since = 0;
      }
    }
    return { schedule: [...schedule, stage], loss: least, made: pass };
  }

  #begin(parameters: Float32Array): void {
    this.#parameters = this.#vector(parameters);
    this.#forgetMoments();
  }

  #forgetMoments(): void {
    [this.#first, this.#second] = this.#moments();
    this.#steps = 0;
  }

  /** One pass over the rows, in an order of its own. */
  async #pass(order: Int32Array, rate: number, progress: (share: number) => void): Promise<void> {
    shuffle(order, this.#random);
    for (let from = 0; from < order.length; from += BATCH) {
      const count = Math.min(BATCH, order.length - from);
      this.#steps++;
      const output = await this.#step.run({
        ...this.#batch(this.#step, order, from, count),
        share: this.#step.tensor([], Float32Array.of(1 / count)),
        rate: this.#step.tensor([], Float32Array.of(correctedRate(rate, this.#steps))),
        parameters: this.#parameters,
        first: this.#first,
        second: this.#second,
      });
      this.#parameters = output.nextParameters!;
      this.#first = output.nextFirst!;
      this.#second = output.nextSecond!;
      if (this.#steps % 16 === 0) progress(from / order.length);
    }
    progress(1);
  }

  /** The mean loss of the validation rows. */
  async #validate(): Promise<number> {
    const { validation, weights } = this.#data;
    let sum = 0;
    let weight = 0;
    for (let from = 0; from < validation.length; from += LOSS_ROWS) {
      const count = Math.min(LOSS_ROWS, validation.length - from);
      const feeds = this.#take(this.#loss, validation, from, count);
      const output = await this.#loss.run({ ...feeds, parameters: this.#parameters });
      sum += (output.loss!.data as Float32Array)[0]!;
      for (let i = from; i < from + count; i++) weight += weights[validation[i]!]!;
    }
    return weight > 0 ? sum / weight : 0;
  }

  /** Rows for one step, in memory that is used again. */
  #batch(kernel: Kernel, order: Int32Array, from: number, count: number): Record<string, KernelTensor> {
    return this.#rows(kernel, order, from, count, this.#x, this.#target, this.#weights);
  }

  #take(kernel: Kernel, order: Int32Array, from: number, count: number): Record<string, KernelTensor> {
    const x = new Float32Array(count * this.#plan.sizes[0]!);
    const target = new Float32Array(count * this.#plan.sizes.at(-1)!);
    return this.#rows(kernel, order, from, count, x, target, new Float32Array(count));
  }

  #rows(
    kernel: Kernel,
    order: Int32Array,
    from: number,
    count: number,
    x: Float32Array,
    target: Float32Array,
    weights: Float32Array,
  ): Record<string, KernelTensor> {
    const inputs = this.#plan.sizes[0]!;
    const outputs = this.#plan.sizes.at(-1)!;
    for (let i = 0; i < count; i++) {
      const row = order[from + i]!;
      x.set(this.#data.x.subarray(row * inputs, (row + 1) * inputs), i * inputs);
      target.set(this.#data.target.subarray(row * outputs, (row + 1) * outputs), i * outputs);
      weights[i] = this.#data.weights[row]!;
    }
    return {
      x: kernel.tensor([count, inputs], x.subarray(0, count * inputs)),
      target: kernel.tensor([count, outputs], target.subarray(0, count * outputs)),
      rowWeights: kernel.tensor([count, 1], weights.subarray(0, count)),
    };
  }

  #moments(): [KernelTensor, KernelTensor] {
    const count = parameterCount(this.#plan);
    return [this.#vector(new Float32Array(count)), this.#vector(new Float32Array(count))];
  }

  #vector(values: Float32Array): KernelTensor {
    return this.#step.tensor([values.length], values);
  }
}

/** Uniform, so that values keep their spread from layer to layer (Glorot & Bengio, AISTATS 2010); twice the variance before a rectifier, which loses half of it (He et al., ICCV 2015). */
function initialParameters(plan: NetworkPlan, random: Random): Float32Array {
  const parameters = new Float32Array(parameterCount(plan));
  for (const { inputs, outputs, weights, biases } of layersOf(plan)) {
    const limit = plan.activation === "Relu" ? Math.sqrt(6 / inputs) : Math.sqrt(6 / (inputs + outputs));
    for (let at = weights; at < biases; at++) parameters[at] = limit * (2 * random() - 1);
  }
  return parameters;
}

/** Fisher & Yates. */
function shuffle(values: Int32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}
