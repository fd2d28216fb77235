import { OnnxGraph } from "../../model/index.js";
import { trainNetwork, usualEpochs } from "../kernels/train-network.js";
import { timeTail } from "../math/early-stopping.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import { DenseNetwork } from "./dense-network.js";
import { type HiddenOptions, hiddenOptions, hiddenPlan, NETWORK_RATE } from "./hidden-layers.js";
import type { FittedRegressor, ValueLearner } from "./learner.js";
import { standardisedInput } from "./standardised.js";

/**
 * A multi-layer perceptron for a value: one or two hidden layers of rectified units, mean squared error, Adam. The newest
 * tenth tells when to stop.
 */
export const mlpValues: ValueLearner<HiddenOptions> = {
  task: "value",
  id: "mlp",
  title: "Neural network",
  about: "Learns a value that depends on the features along curves: for many frames.",
  cost: "O(rows × features × width) per pass, twice 50 to 1000 passes at most",
  maxFeatures: 4096,
  options: { type: "object", additionalProperties: false, properties: hiddenOptions },
  minRows: () => 50,
  wantedRows: (features) => Math.max(300, 20 * features),
  async fit(matrix, { values }, options, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { rows, columns } = matrix;
    const { mean, deviation } = spreadOf(values);
    const data = {
      rows,
      x: Float32Array.from(standardiseAll(scaler, matrix)),
      target: Float32Array.from(values, (value) => (value - mean) / deviation),
      weights: new Float32Array(rows).fill(1),
      ...timeTail(rows),
    };
    const plan = hiddenPlan(columns, 1, options, "squares");
    const settings = { epochs: options.epochs || usualEpochs(rows), rate: NETWORK_RATE };
    const { parameters, epochs, validationLoss } = await trainNetwork(plan, data, settings, random, progress);
    const found = { epochs, validationError: Math.sqrt(validationLoss) * deviation };
    return fitted(scaler, new DenseNetwork(plan, parameters), Math.fround(mean), Math.fround(deviation), found);
  },
};

/** Mean and standard deviation; 1 for values that never change. */
function spreadOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0);
  return { mean, deviation: Math.sqrt(variance) > 1e-12 * Math.abs(mean) ? Math.sqrt(variance) : 1 };
}

function fitted(
  scaler: Scaler,
  network: DenseNetwork,
  mean: number,
  deviation: number,
  found: Record<string, number>,
): FittedRegressor {
  const z = new Float64Array(scaler.mean.length);
  return {
    scaler,
    found,
    predict(row) {
      standardise(scaler, row, z);
      return mean + deviation * network.forward(z)[0]!;
    },
    graph() {
      const g = new OnnxGraph("mlp");
      const output = network.graph(g, standardisedInput(g, scaler));
      g.output("values", g.op("Add", [g.op("Mul", [output, g.scalar(deviation)]), g.scalar(mean)]), ["N", 1]);
      return g;
    },
  };
}
