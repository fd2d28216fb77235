import { OnnxGraph } from "../../model/index.js";
import type { NetworkPlan } from "../kernels/network.js";
import { trainNetwork, usualEpochs } from "../kernels/train-network.js";
import { timeTail } from "../math/early-stopping.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import { DenseNetwork } from "./dense-network.js";
import type { AnomalyLearner, FittedAnomaly } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface AutoencoderOptions {
  /** Numbers that a row is squeezed into; 0: a sixth of the features. */
  code: number;
  /** Passes over the frames at most; 0: by their number. */
  epochs: number;
}

const RATE = 3e-3;

/**
 * A small autoencoder: layers of 2/3 of the features, the code, and the same way back, with tanh, which does not go on
 * growing where no frame has ever been. The score is the mean squared error of the standardised features that come out,
 * the contributions are the parts of that sum. Trained with Adam; the newest tenth tells when to stop.
 */
export const autoencoder: AnomalyLearner<AutoencoderOptions> = {
  task: "anomaly",
  id: "autoencoder",
  title: "Autoencoder",
  about:
    "Learns to redraw normal frames through a bottleneck: for many features with curved relations, and many frames.",
  cost: "O(rows × features²) per pass, twice 50 to 1000 passes at most",
  maxFeatures: 1024,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      code: {
        type: "integer",
        minimum: 0,
        maximum: 256,
        default: 0,
        title: "Width of the bottleneck (0: by features)",
      },
      epochs: { type: "integer", minimum: 0, maximum: 10_000, default: 0, title: "Passes at most (0: by frames)" },
    },
  },
  minRows: () => 50,
  wantedRows: (features) => Math.max(500, 20 * features),
  async fit(matrix, options, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { rows, columns } = matrix;
    const x = Float32Array.from(standardiseAll(scaler, matrix));
    const plan = planOf(columns, options.code);
    const data = { rows, x, target: x, weights: new Float32Array(rows).fill(1), ...timeTail(rows) };
    const settings = { epochs: options.epochs || usualEpochs(rows), rate: RATE };
    const { parameters, epochs, validationLoss } = await trainNetwork(plan, data, settings, random, progress);
    const code = plan.sizes[2]!;
    return fitted(scaler, new DenseNetwork(plan, parameters), { code, epochs, validationLoss });
  },
};

function planOf(features: number, code: number): NetworkPlan {
  const wide = Math.max(2, Math.ceil((2 * features) / 3));
  const narrow = Math.min(code || Math.ceil(features / 6), wide);
  return { sizes: [features, wide, narrow, wide, features], activation: "Tanh", loss: "squares", decay: 0 };
}

function fitted(scaler: Scaler, network: DenseNetwork, found: Record<string, number>): FittedAnomaly {
  const n = scaler.mean.length;
  const z = new Float64Array(n);
  return {
    scaler,
    found,
    explains: true,
    predict(row) {
      standardise(scaler, row, z);
      const contributions = network.forward(z).map((value, i) => (value - z[i]!) ** 2 / n);
      return { score: contributions.reduce((sum, part) => sum + part, 0), contributions };
    },
    graph() {
      const g = new OnnxGraph("autoencoder");
      const input = standardisedInput(g, scaler);
      const error = g.op("Sub", [network.graph(g, input), input]);
      const contributions = g.op("Mul", [g.op("Mul", [error, error]), g.scalar(1 / n)]);
      g.output("score", g.op("ReduceSum", [contributions, g.ints([1])], { keepdims: 0 }), ["N"]);
      g.output("contributions", contributions, ["N", n]);
      return g;
    },
  };
}
