import { chiSquared, chiSquaredQuantile } from "./chi-squared.js";
import { cholesky, logDeterminant } from "./cholesky.js";
import { covarianceOf, type Location, squaredDistances } from "./covariance.js";
import type { Random } from "./random.js";
import type { Shape } from "./seed-centres.js";
import { leastOf } from "./select.js";

/** The paper's numbers. */
const STARTS = 500;
const GROUP_ROWS = 300;
const MOST_GROUPS = 5;
const KEPT = 10;

/** A start costs rows × columns²: with more columns than this there are fewer of them. */
const CHEAP_COLUMNS = 40;

/** Of the whole, so many are followed to the end. */
const FINALISTS = 2;
const MAX_STEPS = 100;

/** The share of normally distributed rows that the reweighting leaves out. */
const OUTSIDE = 0.025;

interface Candidate extends Location {
  l: Float64Array;
  logDeterminant: number;
}

/**
 * The minimum covariance determinant by FastMCD (Rousseeuw & Van Driessen, Technometrics 41 (1999) 212–223): of all
 * subsets of `trusted` × rows, the one whose covariance has the least determinant; made consistent for normal data
 * (Croux & Haesbroeck, J. Multivariate Analysis 71 (1999) 161–190) and reweighted: the mean and covariance of the rows
 * within the 97.5 % ellipsoid. Undefined where the best subset's covariance is singular.
 * @param trusted above 0.5, at most 1
 */
export function fastMcd(
  data: Float64Array,
  shape: Shape,
  trusted: number,
  random: Random,
  progress: (share: number) => void,
): Location | undefined {
  const { rows, columns } = shape;
  const size = Math.min(rows, Math.max(Math.ceil(trusted * rows), Math.ceil((rows + columns + 1) / 2)));
  const best = size === rows ? locate(data, shape, all(rows)) : search(data, shape, size, random, progress);
  if (!best) return undefined;
  const distances = new Float64Array(rows);
  squaredDistances(data, shape, best.mean, best.l, distances);
  const limit = chiSquaredQuantile(1 - OUTSIDE, columns) * consistency(size / rows, columns);
  const inside = all(rows).filter((row) => distances[row]! < limit);
  const location = locate(data, shape, inside);
  if (!location) return undefined;
  const factor = consistency(1 - OUTSIDE, columns);
  return { mean: location.mean, covariance: location.covariance.map((value) => value * factor) };
}

/** What makes the covariance of the innermost share of normal data that of all of them. */
function consistency(share: number, columns: number): number {
  if (share >= 1) return 1;
  return share / chiSquared(chiSquaredQuantile(share, columns), columns + 2);
}

function search(
  data: Float64Array,
  shape: Shape,
  size: number,
  random: Random,
  progress: (share: number) => void,
): Candidate | undefined {
  const { rows, columns } = shape;
  const groupRows = Math.max(GROUP_ROWS, 5 * columns);
  const groups = Math.min(MOST_GROUPS, Math.max(1, Math.floor(rows / groupRows)));
  const starts = Math.max(2 * KEPT, Math.round(STARTS * Math.min(1, (CHEAP_COLUMNS / columns) ** 2)));
  const share = size / rows;
  let pool = all(rows);
  if (groups > 1) {
    shuffle(pool, random);
    pool = pool.slice(0, groups * groupRows);
  }
  let candidates: Candidate[] = [];
  for (let group = 0; group < groups; group++) {
    const part = groups > 1 ? takeRows(data, columns, pool.subarray(group * groupRows, (group + 1) * groupRows)) : data;
    const partShape = { rows: groups > 1 ? groupRows : rows, columns };
    const count = Math.ceil(share * partShape.rows);
    const found: Candidate[] = [];
    const each = Math.ceil(starts / groups);
    for (let start = 0; start < each; start++) {
      const first = startingPoint(part, partShape, random);
      const stepped = first && concentrate(part, partShape, count, first, 2);
      if (stepped) found.push(stepped);
      progress((0.6 * (group + (start + 1) / each)) / groups);
    }
    candidates.push(...bestOf(found, KEPT));
  }
  if (groups > 1 && pool.length < rows) {
    const merged = takeRows(data, columns, pool);
    const mergedShape = { rows: pool.length, columns };
    const count = Math.ceil(share * pool.length);
    candidates = follow(merged, mergedShape, count, candidates, 2, (part) => progress(0.6 + 0.1 * part));
  }
  candidates = follow(data, shape, size, bestOf(candidates, KEPT), 2, (part) => progress(0.7 + 0.1 * part));
  const finalists = bestOf(candidates, FINALISTS);
  return bestOf(
    follow(data, shape, size, finalists, MAX_STEPS, (part) => progress(0.8 + 0.2 * part)),
    1,
  )[0];
}

function follow(
  data: Float64Array,
  shape: Shape,
  size: number,
  candidates: readonly Candidate[],
  steps: number,
  progress: (share: number) => void,
): Candidate[] {
  const found: Candidate[] = [];
  candidates.forEach((candidate, i) => {
    const stepped = concentrate(data, shape, size, candidate, steps);
    if (stepped) found.push(stepped);
    progress((i + 1) / candidates.length);
  });
  return found;
}

/** C-steps: the rows nearest to a location have a covariance with a determinant at most as large. */
function concentrate(
  data: Float64Array,
  shape: Shape,
  size: number,
  from: Candidate,
  steps: number,
): Candidate | undefined {
  const distances = new Float64Array(shape.rows);
  let candidate = from;
  for (let step = 0; step < steps; step++) {
    squaredDistances(data, shape, candidate.mean, candidate.l, distances);
    const next = locate(data, shape, leastOf(distances, size));
    if (!next) return undefined;
    const done = step > 0 && candidate.logDeterminant - next.logDeterminant < 1e-10;
    candidate = next;
    if (done) break;
  }
  return candidate;
}

/** The location of columns + 1 rows, and of more where these lie in a plane. */
function startingPoint(data: Float64Array, shape: Shape, random: Random): Candidate | undefined {
  const { rows, columns } = shape;
  const order = all(rows);
  let drawn = 0;
  for (let count = columns + 1; count <= rows; count = Math.min(rows, Math.ceil(1.5 * count))) {
    for (; drawn < count; drawn++) {
      const other = drawn + Math.floor(random() * (rows - drawn));
      [order[drawn], order[other]] = [order[other]!, order[drawn]!];
    }
    const found = locate(data, shape, order.subarray(0, count));
    if (found || count === rows) return found;
  }
  return undefined;
}

function locate(data: Float64Array, shape: Shape, rows: Int32Array): Candidate | undefined {
  const { mean, covariance } = covarianceOf(data, shape, rows);
  const l = cholesky(covariance, shape.columns);
  return l && { mean, covariance, l, logDeterminant: logDeterminant(l, shape.columns) };
}

function bestOf(candidates: readonly Candidate[], count: number): Candidate[] {
  return candidates.toSorted((a, b) => a.logDeterminant - b.logDeterminant).slice(0, count);
}

function takeRows(data: Float64Array, columns: number, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return out;
}

function all(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function shuffle(values: Int32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}
