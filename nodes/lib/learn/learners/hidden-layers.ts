import type { NetworkPlan } from "../kernels/network.js";

/** The options of a multi-layer perceptron, for classes and for values. */
export interface HiddenOptions {
  /** Units of each hidden layer. */
  width: number;
  /** Hidden layers. */
  layers: number;
  /** Passes over the frames at most; 0: by their number. */
  epochs: number;
}

export const hiddenOptions = {
  width: { type: "integer", minimum: 2, maximum: 512, default: 32, title: "Width of the hidden layers (units)" },
  layers: { type: "integer", minimum: 1, maximum: 2, default: 1, title: "Hidden layers" },
  epochs: { type: "integer", minimum: 0, maximum: 10_000, default: 0, title: "Passes at most (0: by frames)" },
};

/** Adam's first rate. */
export const NETWORK_RATE = 3e-3;

/** Without it a network learns a few hundred frames by heart. */
const DECAY = 0.3;

export function hiddenPlan(
  inputs: number,
  outputs: number,
  { width, layers }: HiddenOptions,
  loss: NetworkPlan["loss"],
): NetworkPlan {
  const hidden = Array.from({ length: layers }, () => width);
  return { sizes: [inputs, ...hidden, outputs], activation: "Relu", loss, decay: DECAY };
}
