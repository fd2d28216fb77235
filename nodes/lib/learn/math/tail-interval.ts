import { fitTail } from "./tail.js";

/** Shapes of tails that are looked at: from one with an end near by to one without a mean. */
const SHAPES = Array.from({ length: 61 }, (_, i) => -1 + i / 20);

/** Probabilities below this are 0. */
const LEAST = 1e-15;

const STEPS = 60;

/** The 95 % quantile of χ² with one degree of freedom. */
const CHI_SQUARED = 3.841458820694124;

/**
 * How probable it may be at most to exceed a value: the upper end of the 95 % interval by the profile likelihood of the
 * generalised Pareto distribution of the top tenth (Coles, An Introduction to Statistical Modeling of Extreme Values, 2001,
 * section 2.6.6). The lower end is not told: far out it hangs on the shape of the tail alone.
 * @param ascending sorted values
 * @param value not below them all
 * @param information what the values are worth beside independent ones, 0..1
 */
export function largestRate(ascending: Float64Array, value: number, information = 1): number {
  const { threshold, share } = fitTail(ascending);
  const distance = value - threshold;
  const exceedances = ascending.filter((each) => each > threshold).map((each) => each - threshold);
  if (exceedances.length === 0 || !(distance > 0)) return share;
  const likelihood = (logRatio: number) => information * profile(exceedances, distance, Math.exp(logRatio));
  const [bottom, top] = [Math.log(LEAST), Math.log(1 - 1e-9)];
  let inside = bottom;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= STEPS; i++) {
    const at = bottom + ((top - bottom) * i) / STEPS;
    const found = likelihood(at);
    if (found > highest) [inside, highest] = [at, found];
  }
  // Beyond its maximum the likelihood falls.
  let outside = top;
  const limit = highest - CHI_SQUARED / 2;
  for (let i = 0; i < STEPS && outside - inside > 1e-4; i++) {
    const middle = (inside + outside) / 2;
    if (likelihood(middle) >= limit) inside = middle;
    else outside = middle;
  }
  return share * Math.exp(inside);
}

/**
 * The log-likelihood of the best shape ξ for which the distance is exceeded with this probability, which makes
 * σ = ξ d / (ratio^−ξ − 1).
 */
function profile(exceedances: Float64Array, distance: number, ratio: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const shape of SHAPES) {
    const exponential = Math.abs(shape) < 1e-9;
    const scale = exponential ? -distance / Math.log(ratio) : (shape * distance) / (ratio ** -shape - 1);
    let sum = -exceedances.length * Math.log(scale);
    for (const x of exceedances) {
      if (exponential) sum -= x / scale;
      else {
        const base = 1 + (shape * x) / scale;
        sum = base > 0 ? sum - (1 + 1 / shape) * Math.log(base) : Number.NEGATIVE_INFINITY;
      }
      if (!(sum > Number.NEGATIVE_INFINITY)) break;
    }
    if (sum > best) best = sum;
  }
  return best;
}
