import { gram } from "../kernels/gram.js";
import type { Location } from "../math/covariance.js";
import { fastMcd } from "../math/fast-mcd.js";
import { inverseRoot } from "../math/inverse-root.js";
import type { Matrix } from "../math/matrix.js";
import { quantile, sorted } from "../math/quantile.js";
import type { Random } from "../math/random.js";
import { fitScaler, type Scaler, standardiseAll } from "../math/scaler.js";
import { ledoitWolf } from "../math/shrinkage.js";
import type { AnomalyLearner } from "./learner.js";
import { quadraticForm } from "./quadratic-form.js";

interface MahalanobisOptions {
  /** The share of the rows that are normal for sure; 1: all. */
  trusted: number;
}

/** With fewer rows per feature, no half of them tells a covariance (Rousseeuw & van Zomeren 1990). */
const ROWS_PER_FEATURE = 5;

/** The least variance of a direction, as a share of the largest, that float32 can tell. */
const LEAST = 1e-5;

/** A standard deviation below this share of the largest magnitude is float32's rounding. */
const ROUNDING = 1e-6;

/**
 * The squared Mahalanobis distance from a robust location and covariance: the minimum covariance determinant, which
 * strange frames among those that it learns from do not move while they are fewer than the share that is not trusted.
 * The contributions are the parts of d² = |R^(−1/2) z|², z in the robust units of each feature.
 *
 * Where there are fewer than five rows per feature, or the trusted rows lie in a plane (a feature that is nearly always
 * the same), there is no such covariance: then it is the usual one of all rows, drawn towards independent features as
 * far as Ledoit & Wolf say (`robust` 0). Features that never changed are left out of both.
 */
export const mahalanobis: AnomalyLearner<MahalanobisOptions> = {
  task: "anomaly",
  id: "mahalanobis",
  title: "Mahalanobis distance (robust)",
  about: "Learns one way of running although some frames are not normal: strange ones among them hardly count.",
  cost: "O(rows × features² + features³), and some seconds of search",
  maxFeatures: 256,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      trusted: {
        type: "number",
        minimum: 0.5,
        maximum: 1,
        default: 0.75,
        title: "Share of the frames to trust (0.5–1)",
        description: "The others may be strange without harm; at 1, all count the same.",
      },
    },
  },
  minRows: () => 10,
  wantedRows: (features) => Math.max(100, 10 * features),
  async fit(matrix, { trusted }, { random, progress }) {
    const scaler = fitScaler(matrix);
    const varying = Int32Array.from(scaler.mean.keys()).filter((column) => !scaler.constant[column]);
    const robust = robustLocation(matrix, varying, trusted, random, (share) => progress(0.95 * share));
    const { location, shrinkage } = robust
      ? { location: robust, shrinkage: 0 }
      : await shrunkLocation(matrix, scaler, varying);
    const units = unitsOf(scaler, varying, location);
    const root = rootOf(units.correlation, varying, matrix.columns);
    progress(1);
    return quadraticForm("mahalanobis", scaler, root, { robust: robust ? 1 : 0, shrinkage }, units.own);
  },
};

/** In the features' own units; undefined where there is none. */
function robustLocation(
  matrix: Matrix,
  varying: Int32Array,
  trusted: number,
  random: Random,
  progress: (share: number) => void,
): Location | undefined {
  const { rows } = matrix;
  const columns = varying.length;
  if (columns === 0 || rows < ROWS_PER_FEATURE * columns) return undefined;
  // About the median and in units of the middle half: a far outlier must not take the others' digits.
  const data = new Float64Array(rows * columns);
  const middle = new Float64Array(columns);
  const unit = new Float64Array(columns);
  for (let i = 0; i < columns; i++) {
    const ascending = sorted(columnOf(matrix, varying[i]!));
    middle[i] = quantile(ascending, 0.5);
    unit[i] = quantile(ascending, 0.75) - quantile(ascending, 0.25);
    // Half of all rows are alike: a covariance of the others is another thing.
    if (!(unit[i]! > ROUNDING * Math.abs(middle[i]!))) return undefined;
    for (let row = 0; row < rows; row++) {
      data[row * columns + i] = (matrix.data[row * matrix.columns + varying[i]!]! - middle[i]!) / unit[i]!;
    }
  }
  const found = fastMcd(data, { rows, columns }, trusted, random, progress);
  return (
    found && {
      mean: found.mean.map((value, i) => middle[i]! + value * unit[i]!),
      covariance: found.covariance.map((value, at) => value * unit[Math.floor(at / columns)]! * unit[at % columns]!),
    }
  );
}

function columnOf({ rows, columns, data }: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]!);
}

/** In the features' own units. */
async function shrunkLocation(
  matrix: Matrix,
  scaler: Scaler,
  varying: Int32Array,
): Promise<{ location: Location; shrinkage: number }> {
  const { rows } = matrix;
  const columns = varying.length;
  const z = standardiseAll(scaler, matrix);
  const centred = new Float64Array(rows * columns);
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) mean[i]! += z[row * matrix.columns + varying[i]!]! / rows;
  }
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      centred[row * columns + i] = z[row * matrix.columns + varying[i]!]! - mean[i]!;
    }
  }
  const covariance = (await gram(centred, { rows, columns })).map((sum) => sum / rows);
  const shrinkage = columns === 0 ? 0 : ledoitWolf(centred, { rows, columns }, covariance);
  let trace = 0;
  for (let i = 0; i < columns; i++) trace += covariance[i * columns + i]! / columns;
  const unit = Float64Array.from(varying, (column) => scaler.scale[column]!);
  const location: Location = {
    mean: mean.map((value, i) => scaler.mean[varying[i]!]! + value * unit[i]!),
    covariance: covariance.map((value, at) => {
      const [i, j] = [Math.floor(at / columns), at % columns];
      return ((1 - shrinkage) * value + (i === j ? shrinkage * trace : 0)) * unit[i]! * unit[j]!;
    }),
  };
  return { location, shrinkage };
}

interface Units {
  /** The location and its standard deviations; the scaler's for features that never changed. */
  own: Pick<Scaler, "mean" | "scale">;
  /** Of the features that change, row-major. */
  correlation: Float64Array;
}

function unitsOf(scaler: Scaler, varying: Int32Array, { mean, covariance }: Location): Units {
  const n = varying.length;
  const own = { mean: scaler.mean.slice(), scale: scaler.scale.slice() };
  varying.forEach((column, i) => {
    own.mean[column] = mean[i]!;
    own.scale[column] = Math.max(1e-30, Math.sqrt(covariance[i * n + i]!));
  });
  // By the rounded units, so that what is standardised with them has just this covariance.
  const correlation = covariance.map(
    (value, at) => value / own.scale[varying[Math.floor(at / n)]!]! / own.scale[varying[at % n]!]!,
  );
  return { own, correlation };
}

/** R^(−1/2), row-major [columns, columns]: features that never changed count for themselves. */
function rootOf(correlation: Float64Array, varying: Int32Array, columns: number): Float32Array {
  const n = varying.length;
  const out = new Float32Array(columns * columns);
  for (let i = 0; i < columns; i++) out[i * columns + i] = 1;
  if (n === 0) return out;
  const { root } = inverseRoot(correlation, n, LEAST);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) out[varying[i]! * columns + varying[j]!] = root[i * n + j]!;
  }
  return out;
}
