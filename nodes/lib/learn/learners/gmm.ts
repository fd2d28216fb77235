import { OnnxGraph } from "../../model/index.js";
import { cluster } from "../kernels/cluster.js";
import { mixtureKernel } from "../kernels/mixture.js";
import type { MixtureShape } from "../kernels/mixture-kernel.js";
import { inverseRoot } from "../math/inverse-root.js";
import { fitMixture, type Mixture } from "../math/mixture.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import type { AnomalyLearner, FittedAnomaly } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface GmmOptions {
  components: number;
  covariance: MixtureShape;
}

/** What is added to the variance of each standardised feature: no cloud is thinner than a hundredth of its spread. */
const FLOOR = 1e-4;

/** Of a feature that never changed: one of its scaler's units. */
const CONSTANT_FLOOR = 1;

/** The least variance of a direction, as a share of the largest of its cloud, that float32 can tell. */
const LEAST = 1e-6;

/**
 * A mixture of normal distributions, by expectation maximisation from a k-means clustering. The score is the negative
 * log-likelihood of the standardised features, as in Edge Impulse: −log Σ wₖ N(z; μₖ, Σₖ). Contributions are the parts
 * of ½ Σ rₖ (z − μₖ) Σₖ⁻¹ (z − μₖ)ᵀ, with the shares rₖ of the components in the row: of the score, that which depends
 * on how far the row is out.
 */
export const gmm: AnomalyLearner<GmmOptions> = {
  task: "anomaly",
  id: "gmm",
  title: "Gaussian mixture",
  about: "Learns how often each state comes and how its readings go together: for machines with a few ways of running.",
  cost: "O(rows × components × features²) per round, at most 200 rounds",
  maxFeatures: 256,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      components: { type: "integer", minimum: 1, maximum: 64, default: 4, title: "Components" },
      covariance: {
        enum: ["full", "diagonal"],
        default: "full",
        title: "Shape of the components",
        description: "full: how the features go together; diagonal: each feature for itself, for fewer frames.",
      },
    },
  },
  minRows: ({ components }) => Math.max(20, 5 * components),
  wantedRows: (features, { components, covariance }) =>
    Math.max(100, components * (covariance === "full" ? 10 * features : 30)),
  async fit(matrix, options, { random, progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    const clustering = { clusters: options.components, restarts: 1 };
    const { centres, nearest } = await cluster(z, matrix, clustering, random, (share) => progress(0.2 * share));
    const kernel = await mixtureKernel(z, matrix, options.covariance);
    const floors = Float64Array.from(scaler.constant, (constant) => (constant ? CONSTANT_FLOOR : FLOOR));
    const tell = (share: number) => progress(0.2 + 0.8 * share);
    const mixture = await fitMixture(kernel, matrix, options.covariance, nearest, centres, floors, tell);
    progress(1);
    return fitted(scaler, partsOf(mixture, matrix.columns, options.covariance), {
      components: mixture.count,
      logLikelihood: mixture.logLikelihood,
      iterations: mixture.iterations,
    });
  },
};

/** What a prediction needs, rounded to float32. */
interface Parts {
  kind: MixtureShape;
  /** [K, F] */
  means: Float32Array;
  /** Σₖ^(−1/2), [K, F, F], or its diagonal [K, F] */
  roots: Float32Array;
  /** log wₖ − log det Σₖ / 2 − F log 2π / 2 */
  offsets: Float32Array;
}

function partsOf({ count, weights, means, covariances }: Mixture, n: number, kind: MixtureShape): Parts {
  const size = kind === "full" ? n * n : n;
  const roots = new Float32Array(count * size);
  const offsets = new Float32Array(count);
  for (let k = 0; k < count; k++) {
    const part = covariances.slice(k * size, (k + 1) * size);
    const { root, logDeterminant } =
      kind === "full"
        ? inverseRoot(part, n, LEAST)
        : {
            root: part.map((variance) => 1 / Math.sqrt(variance)),
            logDeterminant: part.reduce((sum, variance) => sum + Math.log(variance), 0),
          };
    roots.set(root, k * size);
    offsets[k] = Math.log(weights[k]!) - logDeterminant / 2 - (n / 2) * Math.log(2 * Math.PI);
  }
  return { kind, means: Float32Array.from(means), roots, offsets };
}

function fitted(scaler: Scaler, parts: Parts, found: Record<string, number>): FittedAnomaly {
  const { kind, means, roots, offsets } = parts;
  const n = scaler.mean.length;
  const count = offsets.length;
  const z = new Float64Array(n);
  return {
    scaler,
    found,
    explains: true,
    predict(row) {
      standardise(scaler, row, z);
      const squares = Array.from({ length: count }, (_, k) => squaresOf(parts, z, k));
      const each = squares.map((parts, k) => offsets[k]! - parts.reduce((sum, square) => sum + square, 0) / 2);
      const most = Math.max(...each);
      const powers = each.map((value) => Math.exp(value - most));
      const sum = powers.reduce((total, power) => total + power, 0);
      const contributions = new Float64Array(n);
      for (let k = 0; k < count; k++) {
        for (let i = 0; i < n; i++) contributions[i]! += ((powers[k]! / sum) * squares[k]![i]!) / 2;
      }
      return { score: -(most + Math.log(sum)), contributions };
    },
    graph() {
      const g = new OnnxGraph("gmm");
      const input = standardisedInput(g, scaler);
      // [K, N, F]
      const d = g.op("Sub", [g.op("Unsqueeze", [input, g.ints([0])]), g.tensor([count, 1, n], means)]);
      const full = kind === "full";
      const y = g.op(full ? "MatMul" : "Mul", [d, g.tensor([count, full ? n : 1, n], roots)]);
      const squares = g.op("Mul", [y, y]);
      const distances = g.op("ReduceSum", [squares, g.ints([2])], { keepdims: 0 });
      const each = g.op("Sub", [g.tensor([count, 1], offsets), g.op("Mul", [distances, g.scalar(0.5)])]);
      const most = g.op("ReduceMax", [each], { axes: [0] });
      const powers = g.op("Exp", [g.op("Sub", [each, most])]);
      const sum = g.op("ReduceSum", [powers, g.ints([0])]);
      const score = g.op("Neg", [g.op("Add", [most, g.op("Log", [sum])])]);
      g.output("score", g.op("Squeeze", [score, g.ints([0])]), ["N"]);
      const shares = g.op("Unsqueeze", [g.op("Mul", [g.op("Div", [powers, sum]), g.scalar(0.5)]), g.ints([2])]);
      const contributions = g.op("ReduceSum", [g.op("Mul", [squares, shares]), g.ints([0])], { keepdims: 0 });
      g.output("contributions", contributions, ["N", n]);
      return g;
    },
  };
}

/** The parts of the squared distance from component k. */
function squaresOf({ kind, means, roots }: Parts, z: Float64Array, k: number): Float64Array {
  const n = z.length;
  const d = z.map((value, i) => value - means[k * n + i]!);
  if (kind === "diagonal") return d.map((value, i) => (value * roots[k * n + i]!) ** 2);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const from = (k * n + i) * n;
    for (let j = 0; j < n; j++) y[j]! += d[i]! * roots[from + j]!;
  }
  return y.map((value) => value * value);
}
