import { OnnxGraph } from "../../model/index.js";
import { cluster } from "../kernels/cluster.js";
import type { ClusterOptions } from "../math/cluster.js";
import { fitScaler, type Scaler, standardise, standardiseAll } from "../math/scaler.js";
import type { AnomalyLearner, FittedAnomaly } from "./learner.js";
import { standardisedInput } from "./standardised.js";

/** Edge Impulse's cap: beyond it, anomalous is anomalous. */
const MAX_SCORE = 1000;

/**
 * k-means with the anomaly score of Edge Impulse: the least, over the clusters, of the Euclidean distance to the centre
 * less the largest distance that a training row of the cluster had; below 0 is inside of a cluster. At most 1000.
 * Contributions are the squared standardised differences to the centre of that cluster.
 */
export const kmeans: AnomalyLearner<ClusterOptions> = {
  task: "anomaly",
  id: "kmeans",
  title: "k-means",
  about: "Learns the states that keep coming back: for machines with several ways of running.",
  cost: "O(rows × clusters × features) per iteration, at most 100 iterations per restart",
  maxFeatures: 4096,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      clusters: { type: "integer", minimum: 1, maximum: 256, default: 16, title: "Clusters" },
      restarts: { type: "integer", minimum: 1, maximum: 20, default: 3, title: "Times to begin anew" },
    },
  },
  minRows: ({ clusters }) => Math.max(10, 2 * clusters),
  wantedRows: (_features, { clusters }) => Math.max(100, 20 * clusters),
  async fit(matrix, options, { random, progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    const { rows, columns } = matrix;
    const found = await cluster(z, { rows, columns }, options, random, progress);
    const { centres, inertia, count, nearest, distances } = found;
    const maxError = new Float32Array(count);
    for (let row = 0; row < rows; row++) {
      maxError[nearest[row]!] = Math.max(maxError[nearest[row]!]!, distances[row]!);
    }
    return fitted(scaler, Float32Array.from(centres), maxError, { clusters: count, inertia });
  },
};

function fitted(
  scaler: Scaler,
  centres: Float32Array,
  maxError: Float32Array,
  found: Record<string, number>,
): FittedAnomaly {
  const n = scaler.mean.length;
  const k = maxError.length;
  const z = new Float64Array(n);
  return {
    scaler,
    found,
    explains: true,
    predict(row) {
      standardise(scaler, row, z);
      let score = Number.POSITIVE_INFINITY;
      let winner = 0;
      for (let c = 0; c < k; c++) {
        let sum = 0;
        for (let i = 0; i < n; i++) {
          const difference = z[i]! - centres[c * n + i]!;
          sum += difference * difference;
        }
        const distance = Math.sqrt(sum) - maxError[c]!;
        if (distance < score) {
          score = distance;
          winner = c;
        }
      }
      const contributions = Float64Array.from(z, (value, i) => (value - centres[winner * n + i]!) ** 2);
      return { score: Math.min(score, MAX_SCORE), contributions };
    },
    graph() {
      const g = new OnnxGraph("kmeans");
      const each = g.op("Unsqueeze", [standardisedInput(g, scaler), g.ints([1])]);
      const centre = g.tensor([k, n], centres);
      // The differences themselves, not |z|² − 2zc + |c|²: that would cancel near a centre.
      const difference = g.op("Sub", [each, centre]);
      const distance = g.op("Sqrt", [
        g.op("ReduceSum", [g.op("Mul", [difference, difference]), g.ints([2])], { keepdims: 0 }),
      ]);
      const beyond = g.op("Sub", [distance, g.tensor([k], maxError)]);
      const score = g.op("Min", [g.op("ReduceMin", [beyond], { axes: [1], keepdims: 0 }), g.scalar(MAX_SCORE)]);
      const winner = g.op("ArgMin", [beyond], { axis: 1, keepdims: 0 });
      const offset = g.op("Sub", [g.op("Squeeze", [each, g.ints([1])]), g.op("Gather", [centre, winner])]);
      g.output("score", score, ["N"]);
      g.output("contributions", g.op("Mul", [offset, offset]), ["N", n]);
      return g;
    },
  };
}
