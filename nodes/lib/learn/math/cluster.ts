import type { Random } from "./random.js";
import { type Shape, seedCentres, squaredDistance } from "./seed-centres.js";

export interface Clusters {
  /** Row-major [count, columns]. */
  centres: Float64Array;
  /** Fewer than asked for when there are fewer different rows. */
  count: number;
  /** The index of each row's centre. */
  nearest: Int32Array;
  /** Each row's Euclidean distance to it. */
  distances: Float64Array;
  /** The sum of the squared distances. */
  inertia: number;
}

export interface ClusterOptions {
  clusters: number;
  /** Times to begin anew; the best is kept. */
  restarts: number;
}

export const MAX_ITERATIONS = 100;

/** When the centres move by less than this share of the first move (squared and added up), more is not worth its time. */
export const TOLERANCE = 1e-5;

/**
 * k-means: greedy k-means++ seeding (Arthur & Vassilvitskii 2007), Lloyd's iterations with Hamerly's bounds (2010: the same
 * result, most distances never computed), empty clusters put at the row that is farthest out; the best of several
 * restarts.
 */
export function cluster(
  data: Float64Array,
  shape: Shape,
  options: ClusterOptions,
  random: Random,
  progress: (share: number) => void,
): Clusters {
  let best: Clusters | undefined;
  for (let restart = 0; restart < options.restarts; restart++) {
    const seeds = seedCentres(data, shape, options.clusters, random);
    const found = lloyd(data, shape, seeds, (part) => progress((restart + part) / options.restarts));
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

function lloyd(data: Float64Array, shape: Shape, centres: Float64Array, progress: (share: number) => void): Clusters {
  const { rows, columns } = shape;
  const count = centres.length / columns;
  const nearest = new Int32Array(rows).fill(-1);
  // Hamerly: the distance to the own centre is at most `upper`, to any other at least `lower`.
  const upper = new Float64Array(rows);
  const lower = new Float64Array(rows);
  const half = new Float64Array(count);
  const previous = new Float64Array(centres.length);
  let first = Number.NaN;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    halfToNextCentre(centres, columns, half);
    let changed = 0;
    for (let row = 0; row < rows; row++) {
      const own = nearest[row]!;
      if (own >= 0) {
        const safe = Math.max(half[own]!, lower[row]!);
        if (upper[row]! <= safe) continue;
        upper[row] = Math.sqrt(squaredDistance(data, row * columns, centres, own * columns, columns));
        if (upper[row]! <= safe) continue;
      }
      findNearest(data, row, centres, columns, nearest, upper, lower);
      if (nearest[row] !== own) changed++;
    }
    progress(iteration / MAX_ITERATIONS);
    if (changed === 0) break;
    previous.set(centres);
    moveCentres(data, shape, centres, nearest, upper, lower);
    const moved = shift(centres, previous, columns, nearest, upper, lower);
    if (Number.isNaN(first)) first = moved;
    if (moved <= TOLERANCE * first) break;
  }
  return finish(data, shape, centres, nearest);
}

function findNearest(
  data: Float64Array,
  row: number,
  centres: Float64Array,
  columns: number,
  nearest: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
): void {
  let best = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  let winner = 0;
  for (let at = 0, k = 0; at < centres.length; at += columns, k++) {
    const square = squaredDistance(data, row * columns, centres, at, columns);
    if (square < best) {
      second = best;
      best = square;
      winner = k;
    } else if (square < second) second = square;
  }
  nearest[row] = winner;
  upper[row] = Math.sqrt(best);
  lower[row] = Math.sqrt(second);
}

function halfToNextCentre(centres: Float64Array, columns: number, half: Float64Array): void {
  half.fill(Number.POSITIVE_INFINITY);
  for (let a = 0; a < half.length; a++) {
    for (let b = a + 1; b < half.length; b++) {
      const distance = Math.sqrt(squaredDistance(centres, a * columns, centres, b * columns, columns)) / 2;
      half[a] = Math.min(half[a]!, distance);
      half[b] = Math.min(half[b]!, distance);
    }
  }
}

function moveCentres(
  data: Float64Array,
  { rows, columns }: Shape,
  centres: Float64Array,
  nearest: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
): void {
  const members = new Int32Array(centres.length / columns);
  for (let row = 0; row < rows; row++) members[nearest[row]!]!++;
  for (let k = 0; k < members.length; k++) {
    if (members[k] !== 0) continue;
    const far = farthest(upper, nearest, members);
    if (far < 0) continue;
    members[nearest[far]!]!--;
    nearest[far] = k;
    members[k] = 1;
    upper[far] = 0;
    lower[far] = 0;
  }
  for (let k = 0; k < members.length; k++) {
    if (members[k]! > 0) centres.fill(0, k * columns, (k + 1) * columns);
  }
  for (let row = 0; row < rows; row++) {
    const at = nearest[row]! * columns;
    for (let i = 0; i < columns; i++) centres[at + i]! += data[row * columns + i]!;
  }
  for (let k = 0; k < members.length; k++) {
    if (members[k]! > 1) for (let i = k * columns; i < (k + 1) * columns; i++) centres[i]! /= members[k]!;
  }
}

/** The row farthest from its centre, of a cluster that can spare it. */
function farthest(upper: Float64Array, nearest: Int32Array, members: Int32Array): number {
  let found = -1;
  for (let row = 0; row < upper.length; row++) {
    if (members[nearest[row]!]! > 1 && (found < 0 || upper[row]! > upper[found]!)) found = row;
  }
  return found;
}

/** Widens the bounds by how far the centres moved; returns the sum of the squared moves. */
function shift(
  centres: Float64Array,
  previous: Float64Array,
  columns: number,
  nearest: Int32Array,
  upper: Float64Array,
  lower: Float64Array,
): number {
  let total = 0;
  let most = 0;
  const moves = new Float64Array(centres.length / columns);
  for (let k = 0; k < moves.length; k++) {
    const square = squaredDistance(centres, k * columns, previous, k * columns, columns);
    moves[k] = Math.sqrt(square);
    most = Math.max(most, moves[k]!);
    total += square;
  }
  for (let row = 0; row < nearest.length; row++) {
    upper[row]! += moves[nearest[row]!]!;
    lower[row]! -= most;
  }
  return total;
}

/** Every row's true nearest centre: the bounds only told that it did not change. */
function finish(data: Float64Array, { rows, columns }: Shape, centres: Float64Array, nearest: Int32Array): Clusters {
  const distances = new Float64Array(rows);
  const lower = new Float64Array(rows);
  let inertia = 0;
  for (let row = 0; row < rows; row++) {
    findNearest(data, row, centres, columns, nearest, distances, lower);
    inertia += distances[row]! ** 2;
  }
  return { centres, count: centres.length / columns, nearest, distances, inertia };
}
