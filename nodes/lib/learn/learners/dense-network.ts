import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import { layersOf, type NetworkPlan } from "../kernels/network.js";

interface Layer {
  inputs: number;
  outputs: number;
  /** Row-major [inputs, outputs]. */
  weights: Float32Array;
  biases: Float32Array;
}

/** A trained network of dense layers, as a function here and as a graph. */
export class DenseNetwork {
  readonly #layers: readonly Layer[];
  readonly #activation: NetworkPlan["activation"];

  constructor(plan: NetworkPlan, parameters: Float32Array) {
    this.#activation = plan.activation;
    this.#layers = layersOf(plan).map(({ inputs, outputs, weights, biases }) => ({
      inputs,
      outputs,
      weights: parameters.slice(weights, biases),
      biases: parameters.slice(biases, biases + outputs),
    }));
  }

  /** The outputs, before any softmax. */
  forward(z: Float64Array): Float64Array {
    let values = z;
    this.#layers.forEach(({ inputs, outputs, weights, biases }, i) => {
      const sums = Float64Array.from(biases);
      for (let from = 0, at = 0; from < inputs; from++) {
        const value = values[from]!;
        for (let to = 0; to < outputs; to++, at++) sums[to]! += value * weights[at]!;
      }
      values =
        i === this.#layers.length - 1
          ? sums
          : sums.map(this.#activation === "Tanh" ? Math.tanh : (sum) => Math.max(0, sum));
    });
    return values;
  }

  graph(g: OnnxGraph, z: OnnxValue): OnnxValue {
    let value = z;
    this.#layers.forEach(({ inputs, outputs, weights, biases }, i) => {
      value = g.op("Gemm", [value, g.tensor([inputs, outputs], weights), g.tensor([outputs], biases)]);
      if (i < this.#layers.length - 1) value = g.op(this.#activation, [value]);
    });
    return value;
  }
}
