import { OnnxGraph, type OnnxValue } from "../../model/index.js";

/** A network of dense layers; the last one is linear, all others have the activation. */
export interface NetworkPlan {
  /** Numbers that each layer takes and the last one gives: [inputs, …, outputs]. */
  sizes: readonly number[];
  activation: "Tanh" | "Relu";
  /** squares: their mean. cross-entropy: of the softmax of the outputs. */
  loss: "squares" | "cross-entropy";
  /** The share of every parameter that each step takes away, as a share of the rate (Loshchilov & Hutter, ICLR 2019). */
  decay: number;
}

/** Of Adam (Kingma & Ba, ICLR 2015), as they propose. */
const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

/** Where a layer lies in the parameters: weights, row-major [inputs, outputs], and behind them the biases. */
export interface LayerPlace {
  inputs: number;
  outputs: number;
  weights: number;
  biases: number;
}

export function layersOf({ sizes }: NetworkPlan): LayerPlace[] {
  let at = 0;
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i]!;
    const weights = at;
    at += inputs * outputs + outputs;
    return { inputs, outputs, weights, biases: weights + inputs * outputs };
  });
}

export function parameterCount(plan: NetworkPlan): number {
  const last = layersOf(plan).at(-1)!;
  return last.biases + last.outputs;
}

/** The learning rate of step t (from 1), the correction of both moments' start from 0 reckoned in. */
export function correctedRate(rate: number, step: number): number {
  return (rate * Math.sqrt(1 - SECOND_DECAY ** step)) / (1 - FIRST_DECAY ** step);
}

/**
 * One step of training: forward, backward and Adam. All parameters, and both of their moments, lie in one vector each:
 * in a network of this size the number of tensors costs more than the arithmetic.
 *
 * x [N, inputs], target [N, outputs], rowWeights [N, 1], share (the factor of the loss's sum: its mean), rate,
 * parameters, first, second → parameters, first, second
 */
export function stepGraph(plan: NetworkPlan): OnnxGraph {
  const g = new OnnxGraph("network-step");
  const { values, layers, output, parameters } = forward(g, plan);
  const error = errorOf(g, plan, output);
  let delta = g.op("Mul", [error, g.op("Mul", [g.input("rowWeights", ["N", 1]), g.input("share", [])])]);
  const gradients: OnnxValue[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const before = values[i]!;
    const byWeights = g.op("Reshape", [g.op("Gemm", [before, delta], { transA: 1 }), g.ints([-1])]);
    gradients.unshift(byWeights, g.op("ReduceSum", [delta, g.ints([0])], { keepdims: 0 }));
    if (i === 0) break;
    const back = g.op("Gemm", [delta, layers[i]!.weights], { transB: 1 });
    delta = g.op("Mul", [back, slopeOf(g, plan, before)]);
  }
  adam(g, plan, parameters, g.op("Concat", gradients, { axis: 0 }));
  return g;
}

/** The summed, weighted loss of rows: x, target, rowWeights, parameters → loss */
export function lossGraph(plan: NetworkPlan): OnnxGraph {
  const g = new OnnxGraph("network-loss");
  const { output } = forward(g, plan);
  const target = g.input("target", ["N", plan.sizes.at(-1)!]);
  let losses: OnnxValue;
  if (plan.loss === "squares") {
    const error = g.op("Sub", [output, target]);
    losses = g.op("ReduceMean", [g.op("Mul", [error, error])], { axes: [1] });
  } else {
    const parts = g.op("Mul", [g.op("LogSoftmax", [output], { axis: 1 }), target]);
    losses = g.op("Neg", [g.op("ReduceSum", [parts, g.ints([1])])]);
  }
  const weighted = g.op("Mul", [losses, g.input("rowWeights", ["N", 1])]);
  g.output("loss", g.op("ReduceSum", [weighted], { keepdims: 0 }), []);
  return g;
}

interface Forward {
  parameters: OnnxValue;
  layers: { weights: OnnxValue; biases: OnnxValue }[];
  /** What each layer takes. */
  values: OnnxValue[];
  output: OnnxValue;
}

function forward(g: OnnxGraph, plan: NetworkPlan): Forward {
  const places = layersOf(plan);
  const parameters = g.input("parameters", [parameterCount(plan)]);
  const lengths = places.flatMap(({ inputs, outputs }) => [inputs * outputs, outputs]);
  const parts = g.ops("Split", [parameters, g.ints(lengths)], lengths.length, { axis: 0 });
  const layers = places.map(({ inputs, outputs }, i) => ({
    weights: g.op("Reshape", [parts[2 * i]!, g.ints([inputs, outputs])]),
    biases: parts[2 * i + 1]!,
  }));
  const values = [g.input("x", ["N", plan.sizes[0]!])];
  layers.forEach(({ weights, biases }, i) => {
    const sum = g.op("Gemm", [values[i]!, weights, biases]);
    values.push(i === layers.length - 1 ? sum : g.op(plan.activation, [sum]));
  });
  return { parameters, layers, values, output: values.pop()! };
}

/** The loss's derivative by the outputs, but for the row's weight and a share. */
function errorOf(g: OnnxGraph, { loss, sizes }: NetworkPlan, output: OnnxValue): OnnxValue {
  const outputs = sizes.at(-1)!;
  const target = g.input("target", ["N", outputs]);
  if (loss === "cross-entropy") return g.op("Sub", [g.op("Softmax", [output], { axis: 1 }), target]);
  return g.op("Mul", [g.op("Sub", [output, target]), g.scalar(2 / outputs)]);
}

/** The activation's derivative, from its value. */
function slopeOf(g: OnnxGraph, { activation }: NetworkPlan, value: OnnxValue): OnnxValue {
  // A rectified value is 0 or above: its sign is 0 or 1.
  if (activation === "Relu") return g.op("Sign", [value]);
  return g.op("Sub", [g.scalar(1), g.op("Mul", [value, value])]);
}

function adam(g: OnnxGraph, plan: NetworkPlan, parameters: OnnxValue, gradient: OnnxValue): void {
  const count = parameterCount(plan);
  const mix = (old: OnnxValue, decay: number, fresh: OnnxValue) =>
    g.op("Add", [g.op("Mul", [old, g.scalar(decay)]), g.op("Mul", [fresh, g.scalar(1 - decay)])]);
  const first = mix(g.input("first", [count]), FIRST_DECAY, gradient);
  const second = mix(g.input("second", [count]), SECOND_DECAY, g.op("Mul", [gradient, gradient]));
  const direction = g.op("Div", [first, g.op("Add", [g.op("Sqrt", [second]), g.scalar(EPSILON)])]);
  const whole =
    plan.decay === 0 ? direction : g.op("Add", [direction, g.op("Mul", [parameters, g.scalar(plan.decay)])]);
  const next = g.op("Sub", [parameters, g.op("Mul", [whole, g.input("rate", [])])]);
  g.output("nextParameters", next, [count]);
  g.output("nextFirst", first, [count]);
  g.output("nextSecond", second, [count]);
}
