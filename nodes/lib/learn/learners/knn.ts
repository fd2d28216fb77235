import { OnnxGraph } from "../../model/index.js";
import { fitScaler, standardise, standardiseAll } from "../math/scaler.js";
import { nearest, nearestGraph } from "../neighbours/nearest.js";
import { referenceRows } from "../neighbours/reference-rows.js";
import { type KnnOptions, mostReferences, neighbourOptions, rowsOf } from "./knn-options.js";
import type { AnomalyLearner } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface KnnAnomalyOptions extends KnnOptions {
  /** The distance to the farthest of the neighbours, or the mean of all. */
  distance: "mean" | "farthest";
}

/**
 * k nearest neighbours: the score is the distance to the k nearest standardised training rows, their mean (Angiulli &
 * Pizzuti 2002) or the k-th (Ramaswamy, Rastogi & Shim 2000). Contributions are the squared differences to the mean of
 * these neighbours. A training row that is kept has itself as a neighbour, at distance 0.
 */
export const knn: AnomalyLearner<KnnAnomalyOptions> = {
  task: "anomaly",
  id: "knn",
  title: "k nearest neighbours",
  about: "Compares with what was seen before: for states of any shape, few features and not too many frames.",
  cost: "O(frames kept × rows × features)",
  maxFeatures: 2048,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      ...neighbourOptions,
      distance: {
        type: "string",
        enum: ["mean", "farthest"],
        default: "mean",
        title: "Distance to the neighbours: their mean, or the farthest",
      },
    },
  },
  minRows: ({ neighbours }) => Math.max(10, 2 * neighbours),
  wantedRows: (features, { neighbours }) => Math.max(200, 20 * neighbours, 10 * features),
  fit(matrix, { neighbours, references, distance }, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { columns } = matrix;
    const all = standardiseAll(scaler, matrix);
    const kept = referenceRows(all, columns, mostReferences(references, columns), random, progress);
    const reference = { columns, data: rowsOf(all, columns, kept) };
    const k = Math.min(neighbours, kept.length);
    const z = new Float64Array(columns);
    return {
      scaler,
      found: { reference: kept.length, neighbours: k },
      explains: true,
      predict(row) {
        standardise(scaler, row, z);
        const { rows, squares } = nearest(reference, k, z);
        const distances = squares.map(Math.sqrt);
        const score = distance === "mean" ? distances.reduce((sum, each) => sum + each, 0) / k : distances[k - 1]!;
        const contributions = z.map((value, i) => {
          let mean = 0;
          for (const each of rows) mean += reference.data[each * columns + i]! / k;
          return (value - mean) ** 2;
        });
        return { score, contributions };
      },
      graph() {
        const g = new OnnxGraph("knn");
        const input = standardisedInput(g, scaler);
        const found = nearestGraph(g, reference, k, input);
        const distances = g.op("Sqrt", [found.squares]);
        const score =
          distance === "mean"
            ? g.op("ReduceMean", [distances], { axes: [1], keepdims: 0 })
            : g.op("Gather", [distances, g.scalar(k - 1, "int64")], { axis: 1 });
        const mean = g.op("ReduceMean", [g.op("Gather", [found.reference, found.rows])], { axes: [1], keepdims: 0 });
        const offset = g.op("Sub", [input, mean]);
        g.output("score", score, ["N"]);
        g.output("contributions", g.op("Mul", [offset, offset]), ["N", columns]);
        return g;
      },
    };
  },
};
