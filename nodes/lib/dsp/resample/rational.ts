import { EdgeMlError } from "../../errors/index.js";

/** The largest factor of a resampler: its filter has 20 times as many coefficients. */
export const MAX_FACTOR = 1000;

/** A ratio that is this close (relative) is the one that was meant: what is left is rounding. */
const SAME = 1e-9;

export interface Ratio {
  up: number;
  down: number;
}

/**
 * The ratio up / down of two rates, of whole numbers up to MAX_FACTOR: the simplest one that is exact, or else the
 * nearest (at most 0.1 % off), by continued fractions.
 * @throws EdgeMlError EDGE_ML_SETTING when one rate is more than MAX_FACTOR times the other
 */
export function ratioOf(from: number, to: number): Ratio {
  const ratio = to / from;
  if (!(ratio >= 1 / MAX_FACTOR && ratio <= MAX_FACTOR)) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "rate",
      got: `${to} Hz for samples of ${from} Hz`,
      expected: `from 1/${MAX_FACTOR} of their rate to ${MAX_FACTOR} times it`,
    });
  }
  // Convergents p/q; before them those of the step before.
  let [p0, q0, p, q] = [0, 1, 1, 0];
  let rest = ratio;
  for (;;) {
    const whole = Math.floor(rest);
    const most = Math.min(
      p > 0 ? Math.floor((MAX_FACTOR - p0) / p) : Number.POSITIVE_INFINITY,
      q > 0 ? Math.floor((MAX_FACTOR - q0) / q) : Number.POSITIVE_INFINITY,
    );
    if (whole > most) {
      // The next convergent is too large. The largest fraction on the way to it may be nearer than the last one.
      const between = { up: p0 + most * p, down: q0 + most * q };
      return q === 0 || (most > 0 && off(between, ratio) < off({ up: p, down: q }, ratio))
        ? between
        : { up: p, down: q };
    }
    [p0, q0, p, q] = [p, q, p0 + whole * p, q0 + whole * q];
    if (p > 0 && off({ up: p, down: q }, ratio) <= SAME) return { up: p, down: q };
    rest = 1 / (rest - whole);
  }
}

function off({ up, down }: Ratio, ratio: number): number {
  return Math.abs(up / down / ratio - 1);
}
