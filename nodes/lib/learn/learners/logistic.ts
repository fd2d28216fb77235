import { OnnxGraph } from "../../model/index.js";
import { softmaxLoss } from "../kernels/softmax-loss.js";
import { rowWeights } from "../math/class-weights.js";
import { lbfgs } from "../math/lbfgs.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import { softmax } from "../math/softmax.js";
import type { ClassLearner, FittedClassifier } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface LogisticOptions {
  /** C: how much the errors count beside the size of the weights. */
  freedom: number;
  /** Rows of rare classes count more, so that every class counts the same. */
  balanced: boolean;
}

/**
 * Multinomial logistic regression: C Σ cross-entropy + |W|² / 2 over standardised features, the intercepts free, to its
 * only minimum. With two classes the penalty counts twice, which makes it the usual logistic regression with one
 * weight for each feature. A balanced row counts rows / (classes × rows of its class).
 */
export const logistic: ClassLearner<LogisticOptions> = {
  task: "class",
  id: "logistic",
  title: "Logistic regression",
  about: "Separates classes with straight borders: quick, calm with few frames, and easy to check.",
  cost: "O(rows × features × classes) per iteration, some tens of iterations",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      freedom: {
        type: "number",
        exclusiveMinimum: 0,
        maximum: 1e6,
        default: 1,
        title: "Freedom of the weights (C)",
        description: "Higher follows the frames more closely, lower stays calmer.",
      },
      balanced: { type: "boolean", default: true, title: "Every class counts the same" },
    },
  },
  minRows: () => 5,
  wantedRows: (features) => Math.max(50, 10 * features),
  async fit(matrix, { classes, count }, options, { progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    const { columns } = matrix;
    const weights = rowWeights(classes, count, options.balanced);
    const loss = await softmaxLoss(z, matrix, classes, count, weights);
    progress(0.05);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const penalty = (count === 2 ? 2 : 1) / (options.freedom * total);
    const size = columns * count;
    const slopeAt = async (point: Float64Array) => {
      const { value, gradient } = await loss(point);
      let squares = 0;
      for (let i = 0; i < gradient.length; i++) {
        gradient[i]! /= total;
        if (i >= size) continue;
        squares += point[i]! ** 2;
        gradient[i]! += penalty * point[i]!;
      }
      return { value: value / total + (penalty / 2) * squares, gradient };
    };
    const limits = { tolerance: TOLERANCE, maxIterations: MAX_ITERATIONS };
    const found = await lbfgs(slopeAt, new Float64Array(size + count), limits, (share) =>
      progress(0.05 + 0.95 * share),
    );
    progress(1);
    return fitted(scaler, found.point.subarray(0, size), found.point.subarray(size), {
      loss: found.value,
      iterations: found.iterations,
    });
  },
};

/** Of the gradient of the mean loss: probabilities are then right to about 1e-4. */
const TOLERANCE = 1e-6;
const MAX_ITERATIONS = 1000;

function fitted(
  scaler: Scaler,
  weights: Float64Array,
  intercepts: Float64Array,
  found: Record<string, number>,
): FittedClassifier {
  const n = scaler.mean.length;
  const count = intercepts.length;
  const w = Float32Array.from(weights);
  const b = Float32Array.from(intercepts);
  const z = new Float64Array(n);
  return {
    scaler,
    found,
    predict(row) {
      standardise(scaler, row, z);
      const sums = Float64Array.from(b);
      for (let i = 0; i < n; i++) for (let c = 0; c < count; c++) sums[c]! += z[i]! * w[i * count + c]!;
      return softmax(sums);
    },
    graph() {
      const g = new OnnxGraph("logistic");
      const sums = g.op("Gemm", [standardisedInput(g, scaler), g.tensor([n, count], w), g.tensor([count], b)]);
      g.output("probabilities", g.op("Softmax", [sums], { axis: 1 }), ["N", count]);
      return g;
    },
  };
}
