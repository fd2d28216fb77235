import { OnnxGraph } from "../../model/index.js";
import { trainNetwork, usualEpochs } from "../kernels/train-network.js";
import { rowWeights } from "../math/class-weights.js";
import { timeTailByClass } from "../math/early-stopping.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import { softmax } from "../math/softmax.js";
import { DenseNetwork } from "./dense-network.js";
import { type HiddenOptions, hiddenOptions, hiddenPlan, NETWORK_RATE } from "./hidden-layers.js";
import type { ClassLearner, FittedClassifier } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface MlpOptions extends HiddenOptions {
  /** Rows of rare classes count more, so that every class counts the same. */
  balanced: boolean;
}

/**
 * A multi-layer perceptron: one or two hidden layers of rectified units, a softmax over the classes, cross-entropy, Adam.
 * The newest tenth of each class tells when to stop. A balanced row counts rows / (classes × rows of its class).
 */
export const mlp: ClassLearner<MlpOptions> = {
  task: "class",
  id: "mlp",
  title: "Neural network",
  about: "Separates classes with curved borders: for many frames, and classes that straight borders cannot part.",
  cost: "O(rows × features × width) per pass, twice 50 to 1000 passes at most",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...hiddenOptions,
      balanced: { type: "boolean", default: true, title: "Every class counts the same" },
    },
  },
  minRows: () => 10,
  wantedRows: (features) => Math.max(100, 10 * features),
  async fit(matrix, { classes, count }, options, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { rows, columns } = matrix;
    const target = new Float32Array(rows * count);
    for (let row = 0; row < rows; row++) target[row * count + classes[row]!] = 1;
    const data = {
      rows,
      x: Float32Array.from(standardiseAll(scaler, matrix)),
      target,
      weights: Float32Array.from(rowWeights(classes, count, options.balanced)),
      ...timeTailByClass(classes, count),
    };
    const plan = hiddenPlan(columns, count, options, "cross-entropy");
    const settings = { epochs: options.epochs || usualEpochs(rows), rate: NETWORK_RATE };
    const { parameters, epochs, validationLoss } = await trainNetwork(plan, data, settings, random, progress);
    return fitted(scaler, new DenseNetwork(plan, parameters), count, { epochs, validationLoss });
  },
};

function fitted(scaler: Scaler, network: DenseNetwork, count: number, found: Record<string, number>): FittedClassifier {
  const z = new Float64Array(scaler.mean.length);
  return {
    scaler,
    found,
    predict(row) {
      standardise(scaler, row, z);
      return softmax(network.forward(z));
    },
    graph() {
      const g = new OnnxGraph("mlp");
      const output = network.graph(g, standardisedInput(g, scaler));
      g.output("probabilities", g.op("Softmax", [output], { axis: 1 }), ["N", count]);
      return g;
    },
  };
}
