import type { FalseAlarms } from "./settings.js";

/**
 * The wish is met with this factor to spare: scores of neighbouring readings are not independent, and detectors that
 * compare with a history have times in which everything is a little stranger. Measured on healthy data of several kinds,
 * the rate without it is 0.3 to 1.6 times the wished one.
 */
const TO_SPARE = 2;
/** Rarer than one reading in so many is a wish that means something. */
const LEAST_READINGS = 10;

/**
 * The surprise beyond which a reading is anomalous: -log10 of the chance that a wish leaves it.
 * @param interval ms from one reading to the next
 */
export function thresholdFor({ count, in: span }: FalseAlarms, interval: number): number {
  const readings = "ms" in span ? span.ms / Math.max(interval, 1e-3) : span.readings;
  return Math.log10(TO_SPARE * Math.max(LEAST_READINGS, readings / count));
}
