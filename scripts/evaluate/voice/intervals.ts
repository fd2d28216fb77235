import { clopperPearson } from "../../../nodes/lib/learn/math/beta.ts";
import { chiSquaredQuantile } from "../../../nodes/lib/learn/math/chi-squared.ts";

const CONFIDENCE = 0.95;

export interface Interval {
  low: number;
  high: number;
}

/** Of a share: Clopper and Pearson's, 95 %. */
export function shareInterval(found: number, of: number): Interval {
  return clopperPearson(found, of, CONFIDENCE);
}

/**
 * Of the rate of events that come by chance (Poisson): Garwood's exact interval (Biometrika 28 (1936) 437–442), 95 %.
 * @returns per unit of `over`
 */
export function rateInterval(events: number, over: number): Interval {
  const tail = (1 - CONFIDENCE) / 2;
  return {
    low: events > 0 ? chiSquaredQuantile(tail, 2 * events) / 2 / over : 0,
    high: chiSquaredQuantile(1 - tail, 2 * events + 2) / 2 / over,
  };
}
