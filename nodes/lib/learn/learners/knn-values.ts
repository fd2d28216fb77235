import { OnnxGraph } from "../../model/index.js";
import { fitScaler, standardise, standardiseAll } from "../math/scaler.js";
import { nearest, nearestGraph } from "../neighbours/nearest.js";
import { neighbourMean, neighbourMeanGraph } from "../neighbours/neighbour-mean.js";
import { referenceRows } from "../neighbours/reference-rows.js";
import { type KnnOptions, mostReferences, neighbourOptions, rowsOf, weightedOption } from "./knn-options.js";
import type { ValueLearner } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface KnnValueOptions extends KnnOptions {
  weighted: boolean;
}

/** k nearest neighbours: the mean value of the k nearest standardised training rows, by 1 / distance or all alike. */
export const knnValues: ValueLearner<KnnValueOptions> = {
  task: "value",
  id: "knn",
  title: "k nearest neighbours",
  about: "The mean value of the most similar frames: for few features. It does not go beyond what it saw.",
  cost: "O(frames kept × rows × features)",
  maxFeatures: 2048,
  options: {
    type: "object",
    additionalProperties: false,
    properties: { ...neighbourOptions, weighted: weightedOption },
  },
  minRows: ({ neighbours }) => Math.max(10, 2 * neighbours),
  wantedRows: (features, { neighbours }) => Math.max(100, 20 * neighbours, 10 * features),
  fit(matrix, { values }, { neighbours, references, weighted }, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { columns } = matrix;
    const all = standardiseAll(scaler, matrix);
    const kept = referenceRows(all, columns, mostReferences(references, columns), random, progress);
    const reference = { columns, data: rowsOf(all, columns, kept) };
    // About the mean: float32 then holds small differences between values with a large offset.
    const mean = Math.fround(values.reduce((sum, value) => sum + value / values.length, 0));
    const told = { columns: 1, data: Float32Array.from(kept, (row) => values[row]! - mean) };
    const k = Math.min(neighbours, kept.length);
    const z = new Float64Array(columns);
    return {
      scaler,
      found: { reference: kept.length, neighbours: k },
      predict(row) {
        standardise(scaler, row, z);
        return mean + neighbourMean(nearest(reference, k, z), told, weighted)[0]!;
      },
      graph() {
        const g = new OnnxGraph("knn");
        const found = nearestGraph(g, reference, k, standardisedInput(g, scaler));
        const value = g.op("Add", [neighbourMeanGraph(g, found, told, weighted), g.scalar(mean)]);
        g.output("values", value, ["N", 1]);
        return g;
      },
    };
  },
};
