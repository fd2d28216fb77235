/** How a feature was spread in training; plain JSON, part of the manifest. */
export interface FeatureBins {
  /** Inner edges, ascending: bin i holds what is above edge i − 1 and not above edge i. */
  edges: number[];
  /** The share of the training frames in each bin, 0..1: one more than edges. */
  shares: number[];
  /**
   * So many neighbouring frames tell as much as one independent frame, at least 1: on average over the bins, and of the
   * feature's level, which is what changes most slowly.
   */
  repeats: { mean: number; most: number };
}

/** At most; a tenth of the training frames in each, where values do not repeat. */
export const MAX_BINS = 10;

/** A change below this share of the magnitude is float32's rounding; of a zero, one below LEAST. */
const ROUNDING = 1e-6;
const LEAST = 1e-30;

/** More numbers in a manifest than this would outweigh the model. */
const MAX_FEATURES = 1024;

/** Rows of numbers, row-major, in the order in which they came. */
export interface Rows {
  rows: number;
  columns: number;
  data: ArrayLike<number>;
}

/** Bins of each feature by its quantiles, for a manifest; none for more than 1024 features. O(rows × log rows) each. */
export function summariseFeatures({ rows, columns, data }: Rows): FeatureBins[] | undefined {
  if (columns > MAX_FEATURES || rows === 0) return undefined;
  const values = new Float32Array(rows);
  const places = new Uint8Array(rows);
  return Array.from({ length: columns }, (_, column) => {
    for (let row = 0; row < rows; row++) values[row] = data[row * columns + column]!;
    const edges = edgesOf(values.slice().sort());
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (let row = 0; row < rows; row++) {
      const place = binOf(values[row]!, edges);
      places[row] = place;
      counts[place]!++;
    }
    const shares = counts.map((count) => Number((count / rows).toFixed(6)));
    return { edges, shares, repeats: repeatsOf(places, counts) };
  });
}

/**
 * Deciles that are values of the feature, each once: a value that repeats is in one bin, however often it comes. What
 * never changes gets a bin of its own, with an empty one on either side.
 */
function edgesOf(ascending: Float32Array): number[] {
  const low = ascending[0]!;
  const high = ascending.at(-1)!;
  const rounding = Math.max(LEAST, ROUNDING * Math.abs(low), ROUNDING * Math.abs(high));
  if (high - low <= rounding) return [low - rounding, high + rounding].map(short);
  const edges: number[] = [];
  for (let part = 1; part < MAX_BINS; part++) {
    const edge = ascending[Math.ceil((part * ascending.length) / MAX_BINS) - 1]!;
    if (edges.at(-1) !== edge) edges.push(edge);
  }
  return edges.map(short);
}

/** Nine digits are what float32 holds. */
function short(value: number): number {
  return Number(value.toPrecision(9));
}

function binOf(value: number, edges: readonly number[]): number {
  let place = 0;
  while (place < edges.length && value > Math.fround(edges[place]!)) place++;
  return place;
}

/** Blocks are at most an eighth of the rows … */
const LEAST_BLOCKS = 8;
/** … and no training counts for fewer independent frames: what lies outside all of it must still be told. */
const LEAST_INDEPENDENT = 20;

/**
 * How far neighbouring frames repeat each other, by how much more blocks of 2, 4, 8, … of them differ than as many
 * independent frames would; the block that shows most counts: a daily cycle is seen by blocks of half a day.
 * On average over the bins: Pearson's chi-squared of a block against the whole, by its degrees of freedom (the mean
 * generalised design effect of Rao & Scott 1981, with blocks of time as clusters). Of the level: the variance of the
 * blocks' mean bin.
 */
function repeatsOf(places: Uint8Array, counts: readonly number[]): FeatureBins["repeats"] {
  const rows = places.length;
  const degrees = counts.filter((count) => count > 0).length - 1;
  if (degrees === 0) return { mean: 1, most: 1 };
  let level = 0;
  for (let bin = 0; bin < counts.length; bin++) level += (bin * counts[bin]!) / rows;
  let variance = 0;
  for (let bin = 0; bin < counts.length; bin++) variance += ((bin - level) ** 2 * counts[bin]!) / rows;
  const inBlock = new Float64Array(counts.length);
  let mean = 1;
  let most = 1;
  for (let size = 2; size * LEAST_BLOCKS <= rows; size *= 2) {
    const blocks = Math.floor(rows / size);
    let shares = 0;
    let levels = 0;
    for (let block = 0; block < blocks; block++) {
      inBlock.fill(0);
      for (let i = block * size; i < (block + 1) * size; i++) inBlock[places[i]!]!++;
      let sum = 0;
      for (let bin = 0; bin < counts.length; bin++) {
        const expected = (counts[bin]! / rows) * size;
        if (expected > 0) shares += (inBlock[bin]! - expected) ** 2 / expected;
        sum += bin * inBlock[bin]!;
      }
      levels += (sum - level * size) ** 2 / size;
    }
    // The whole is made of the blocks: they differ from it by a little less than from the truth.
    mean = Math.max(mean, shares / (blocks - 1) / degrees);
    // Few blocks may be alike by chance: one standard error more.
    most = Math.max(most, (levels / (blocks - 1) / variance) * (1 + Math.sqrt(2 / blocks)));
  }
  const limit = Math.max(1, rows / LEAST_INDEPENDENT);
  mean = Math.min(mean, limit);
  return { mean: short4(mean), most: short4(Math.min(Math.max(mean, most), limit)) };
}

function short4(value: number): number {
  return Number(value.toPrecision(4));
}
