/** What is wrong with features. */
import { standardise } from "../../math/scaler.js";
import { firstOf } from "../../words.js";
import type { Check } from "./check.js";

/** Two features that go together as closely as this are one feature twice: |r| of 0.999. */
const COLLINEAR = 0.999;

/** Rows that the correlations are taken over; each pair of features costs so many steps. */
const MAX_ROWS = 400;

export const constant: Check = ({ scaler, names }) => {
  const found = names.filter((_, i) => scaler.constant[i]);
  if (found.length === 0) return undefined;
  return `${found.length} of ${names.length} features never changed (${firstOf(found)}): any change in them will stand out.`;
};

/** The same where only the labels count: a feature that never changed tells nothing. */
export const useless: Check = ({ scaler, names }) => {
  const found = names.filter((_, i) => scaler.constant[i]);
  if (found.length === 0) return undefined;
  return `${found.length} of ${names.length} features never changed (${firstOf(found)}): nothing could be learned from them.`;
};

/** The first of a group of features that say the same, with the others. Pairs that are chained through a third are one group. */
export const collinear: Check = ({ training, scaler, names }) => {
  const { rows, columns, data } = training;
  const used = Math.min(rows, MAX_ROWS);
  // Each feature over the chosen rows, centred and of length 1: products are correlations.
  const unit = new Float64Array(columns * used);
  const z = new Float64Array(columns);
  for (let k = 0; k < used; k++) {
    standardise(scaler, data, z, Math.floor((k * rows) / used) * columns);
    for (let i = 0; i < columns; i++) unit[i * used + k] = z[i]!;
  }
  for (let i = 0; i < columns; i++) normalise(unit.subarray(i * used, (i + 1) * used));
  const group = Array.from({ length: columns }, (_, i) => i);
  for (let i = 0; i < columns; i++) {
    if (scaler.constant[i] || group[i] !== i) continue;
    for (let j = i + 1; j < columns; j++) {
      if (scaler.constant[j] || group[j] !== j) continue;
      let r = 0;
      for (let k = 0; k < used; k++) r += unit[i * used + k]! * unit[j * used + k]!;
      if (Math.abs(r) > COLLINEAR) group[j] = i;
    }
  }
  const first = group.findIndex((leader, i) => leader !== i);
  if (first < 0) return undefined;
  const members = names.filter((_, i) => group[i] === group[first]);
  const others = new Set(group.filter((leader, i) => leader !== i)).size - 1;
  const more = others > 0 ? `, and ${others} more such ${others === 1 ? "group" : "groups"}` : "";
  return `Some features say the same (${firstOf(members)}${more}): the blame for an anomaly is shared among them.`;
};

function normalise(values: Float64Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let length = 0;
  for (let k = 0; k < values.length; k++) {
    values[k]! -= mean;
    length += values[k]! ** 2;
  }
  length = Math.sqrt(length);
  for (let k = 0; k < values.length; k++) values[k] = length > 0 ? values[k]! / length : 0;
}
