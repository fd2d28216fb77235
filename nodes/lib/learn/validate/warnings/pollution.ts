/** Frames among the normal ones that probably are none. */
import { quantile, sorted } from "../../math/quantile.js";
import { standardise } from "../../math/scaler.js";
import { brief } from "../../words.js";
import { wideMinority } from "../wide-minority.js";
import type { Check } from "./check.js";

/** A frame this many times as far out as 95 % of the frames are. */
const OUTLIER = 6;

export const outliers: Check = ({ scaler, training }) => {
  const { rows, columns, data } = training;
  const z = new Float64Array(columns);
  const distances = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    standardise(scaler, data, z, row * columns);
    distances[row] = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0));
  }
  const usual = quantile(sorted(distances), 0.95);
  const count = distances.filter((distance) => distance > OUTLIER * usual).length;
  if (count === 0 || usual === 0) return undefined;
  return `${count} of the ${rows} frames it learned from differ strongly from the others: if they were not normal, learn again without them.`;
};

export const polluted: Check = ({ all }) => {
  const found = wideMinority(all);
  if (!found) return undefined;
  const count = Math.round(found.share * all.rows);
  return `About ${count} of the ${all.rows} frames are scattered ${brief(found.ratio)} times as widely as the others, and all around them: what goes wrong with the others can hide among these. If something was being moved, worked on or started up, learn again without those frames.`;
};
