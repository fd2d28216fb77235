import { OnnxGraph } from "../../model/index.js";
import type { Random } from "../math/random.js";
import { fitScaler, standardise, standardiseAll } from "../math/scaler.js";
import { nearest, nearestGraph } from "../neighbours/nearest.js";
import { neighbourMean, neighbourMeanGraph } from "../neighbours/neighbour-mean.js";
import { referenceRows } from "../neighbours/reference-rows.js";
import { type KnnOptions, mostReferences, neighbourOptions, rowsOf, weightedOption } from "./knn-options.js";
import type { ClassLearner, ClassTarget } from "./learner.js";
import { standardisedInput } from "./standardised.js";

interface KnnClassOptions extends KnnOptions {
  weighted: boolean;
}

/**
 * k nearest neighbours (Cover & Hart 1967): the share of each class among the k nearest standardised training rows, by
 * 1 / distance or all alike.
 */
export const knnClasses: ClassLearner<KnnClassOptions> = {
  task: "class",
  id: "knn",
  title: "k nearest neighbours",
  about: "The class of the most similar frames: for few features and few frames of each class.",
  cost: "O(frames kept × rows × features)",
  maxFeatures: 2048,
  options: {
    type: "object",
    additionalProperties: false,
    properties: { ...neighbourOptions, weighted: weightedOption },
  },
  // With fewer, a class could never have most of the neighbours.
  minRows: ({ neighbours }) => Math.max(3, Math.ceil((neighbours + 1) / 2)),
  wantedRows: (features, { neighbours }) => Math.max(100, 20 * neighbours, 10 * features),
  fit(matrix, target, { neighbours, references, weighted }, { random, progress }) {
    const scaler = fitScaler(matrix);
    const { columns } = matrix;
    const { count } = target;
    const all = standardiseAll(scaler, matrix);
    const kept = keptOfEach(all, columns, target, mostReferences(references, columns), random, progress);
    const reference = { columns, data: rowsOf(all, columns, kept) };
    const told = { columns: count, data: new Float32Array(kept.length * count) };
    kept.forEach((row, i) => {
      told.data[i * count + target.classes[row]!] = 1;
    });
    const k = Math.min(neighbours, kept.length);
    const z = new Float64Array(columns);
    return {
      scaler,
      found: { reference: kept.length, neighbours: k },
      predict(row) {
        standardise(scaler, row, z);
        return neighbourMean(nearest(reference, k, z), told, weighted);
      },
      graph() {
        const g = new OnnxGraph("knn");
        const found = nearestGraph(g, reference, k, standardisedInput(g, scaler));
        g.output("probabilities", neighbourMeanGraph(g, found, told, weighted), ["N", count]);
        return g;
      },
    };
  },
};

/** A class keeps at least this part of what would be its share if all were the same size. */
const LEAST_SHARE = 0.25;

/** Rows of each class on their own, as many as its share of all rows; of a rare class more, or all of them. */
function keptOfEach(
  z: Float64Array,
  columns: number,
  { classes, count }: ClassTarget,
  most: number,
  random: Random,
  progress: (share: number) => void,
): Int32Array {
  const members: number[][] = Array.from({ length: count }, () => []);
  classes.forEach((label, row) => {
    members[label]!.push(row);
  });
  const bySize = members.sort((a, b) => a.length - b.length);
  const kept: number[] = [];
  let ahead = classes.length;
  bySize.forEach((own, i) => {
    const free = most - kept.length;
    const share = Math.max(1, Math.round((free * own.length) / ahead), Math.floor((LEAST_SHARE * most) / count));
    ahead -= own.length;
    const rows = Int32Array.from(own);
    const part = Float64Array.from(rowsOf(z, columns, rows));
    const found = referenceRows(part, columns, Math.min(share, free), random, (done) => progress((i + done) / count));
    for (const place of found) kept.push(own[place]!);
  });
  return Int32Array.from(kept).sort();
}
