import type { MixtureKernel, MixtureShape, MixtureState, MixtureSums } from "../kernels/mixture-kernel.js";
import { cholesky, inverseTransposed, logDeterminant } from "./cholesky.js";
import type { Shape } from "./seed-centres.js";

/** A mixture of normal distributions. */
export interface Mixture {
  /** K */
  count: number;
  /** [K], adding up to 1 */
  weights: Float64Array;
  /** [K, F] */
  means: Float64Array;
  /** [K, F, F], or the variances [K, F] where diagonal. */
  covariances: Float64Array;
  /** Of the rows, the mean of log p. */
  logLikelihood: number;
  iterations: number;
}

/** A gain in the mean log-likelihood below this is not worth another round. */
const TOLERANCE = 1e-3;
const MAX_ITERATIONS = 200;

/** A component that lost its rows keeps so many, so that its numbers stay defined. */
const LEAST_MEMBERS = 1e-6;

/**
 * Expectation maximisation (Dempster, Laird & Rubin, J. Royal Statistical Society B 39 (1977) 1–38), from a clustering.
 * @param nearest the cluster of each row
 * @param centres of the clusters, [K, F]
 * @param floors what is added to the variance of each feature, [F]
 */
export async function fitMixture(
  kernel: MixtureKernel,
  { rows, columns }: Shape,
  kind: MixtureShape,
  nearest: Int32Array,
  centres: Float64Array,
  floors: Float64Array,
  progress: (share: number) => void,
): Promise<Mixture> {
  let sums = await kernel.assigned(nearest, centres);
  let mixture = maximise(sums, centres, { rows, columns }, kind, floors);
  let before = Number.NEGATIVE_INFINITY;
  for (let iteration = 1; ; iteration++) {
    const share = Math.min(1, iteration / MAX_ITERATIONS);
    sums = await kernel.expectation(stateOf(mixture, columns, kind), () => progress(share));
    const logLikelihood = sums.logLikelihood / rows;
    mixture.logLikelihood = logLikelihood;
    mixture.iterations = iteration;
    if (iteration === MAX_ITERATIONS || Math.abs(logLikelihood - before) < TOLERANCE) return mixture;
    before = logLikelihood;
    mixture = maximise(sums, mixture.means, { rows, columns }, kind, floors);
  }
}

/** @param about the means from which the differences in the sums were taken */
function maximise(
  { members, first, second }: MixtureSums,
  about: Float64Array,
  { rows, columns }: Shape,
  kind: MixtureShape,
  floors: Float64Array,
): Mixture {
  const count = members.length;
  const means = about.slice();
  const covariances = new Float64Array(second.length);
  const weights = members.map((sum) => Math.max(sum, LEAST_MEMBERS) / rows);
  for (let k = 0; k < count; k++) {
    const sum = Math.max(members[k]!, LEAST_MEMBERS);
    const shift = first.subarray(k * columns, (k + 1) * columns).map((part) => part / sum);
    for (let i = 0; i < columns; i++) {
      means[k * columns + i]! += shift[i]!;
      if (kind === "diagonal") {
        const at = k * columns + i;
        covariances[at] = Math.max(0, second[at]! / sum - shift[i]! ** 2) + floors[i]!;
        continue;
      }
      for (let j = 0; j <= i; j++) {
        const at = (k * columns + i) * columns + j;
        const value = second[at]! / sum - shift[i]! * shift[j]!;
        covariances[at] = i === j ? Math.max(0, value) + floors[i]! : value;
        covariances[(k * columns + j) * columns + i] = covariances[at]!;
      }
    }
  }
  return { count, weights, means, covariances, logLikelihood: Number.NaN, iterations: 0 };
}

function stateOf({ count, weights, means, covariances }: Mixture, columns: number, kind: MixtureShape): MixtureState {
  const size = kind === "full" ? columns * columns : columns;
  const factors = new Float64Array(count * size);
  const offsets = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const covariance = covariances.slice(k * size, (k + 1) * size);
    const { factor, logDeterminant: all } = kind === "full" ? fullFactor(covariance, columns) : axisFactor(covariance);
    factors.set(factor, k * size);
    offsets[k] = Math.log(weights[k]!) - all / 2 - (columns / 2) * Math.log(2 * Math.PI);
  }
  return { means, factors, offsets };
}

function axisFactor(variances: Float64Array): { factor: Float64Array; logDeterminant: number } {
  return {
    factor: variances.map((variance) => 1 / Math.sqrt(variance)),
    logDeterminant: variances.reduce((sum, variance) => sum + Math.log(variance), 0),
  };
}

function fullFactor(covariance: Float64Array, n: number): { factor: Float64Array; logDeterminant: number } {
  // With float32's rounding in the sums a thin cloud may come out not quite positive: it is made a little thicker.
  for (let more = 0; ; more = more === 0 ? 1e-6 : more * 10) {
    const thicker = covariance.slice();
    for (let i = 0; i < n; i++) thicker[i * n + i]! *= 1 + more;
    const l = cholesky(thicker, n);
    if (l) return { factor: inverseTransposed(l, n), logDeterminant: logDeterminant(l, n) };
  }
}
