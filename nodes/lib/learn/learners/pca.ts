import { gram } from "../kernels/gram.js";
import { weightedSquares } from "../kernels/weighted-squares.js";
import { symmetricEigen } from "../math/eigen.js";
import { quantile } from "../math/quantile.js";
import { fitScaler, standardiseAll } from "../math/scaler.js";
import type { Shape } from "../math/seed-centres.js";
import type { AnomalyLearner } from "./learner.js";
import { quadraticForm } from "./quadratic-form.js";

interface PcaOptions {
  /** Components are kept until they hold this share of the variance. */
  variance: number;
  /** A fixed number of components instead; 0: by variance. */
  components: number;
}

/** A direction with less variance than this share of the largest is float32's rounding: it belongs to the residual. */
const RANK_TOLERANCE = 1e-6;

/** The share of the training rows whose T² and Q stay below their limits. */
const LIMIT_SHARE = 0.95;

/** The least limit of Q, per feature: float32 arithmetic alone reaches about (1e-6)² × z². */
const MIN_Q_LIMIT = 1e-6;

/**
 * Principal component analysis with Hotelling's T² (is the row far out along the directions in which the data vary?)
 * and Q, the squared prediction error (does it break the relations between the features?), in one index:
 *
 *   φ = Q / δ² + T² / τ²     Yue & Qin, Ind. Eng. Chem. Res. 40 (2001) 4403–4414
 *
 * It is written as one matrix: y = M z with M = P diag(1 / (τ √λ)) Pᵀ + (I − P Pᵀ) / δ, so φ = Σ y², and the y² are the
 * complete decomposition contributions of Alcala & Qin, Automatica 45 (2009) 1593–1600.
 *
 * The limits δ² and τ² only weigh the two parts against each other (the threshold is calibrated on the hold-out), and
 * are the 95 % quantiles of the training rows' Q and T², not those of Jackson & Mudholkar and the F distribution: these
 * hold for normally distributed data, while a machine that is on or off, by day or by night, is anything but, and they
 * are not defined for fewer rows than features.
 */
export const pca: AnomalyLearner<PcaOptions> = {
  task: "anomaly",
  id: "pca",
  title: "PCA (T² + Q)",
  about: "Learns how the readings go together: for machines with many sensors, such as air handling units.",
  cost: "O(rows × features² + features³)",
  maxFeatures: 512,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      variance: { type: "number", minimum: 0.01, maximum: 1, default: 0.95, title: "Share of the variance to keep" },
      components: { type: "integer", minimum: 0, maximum: 512, default: 0, title: "Components (0: by variance)" },
    },
  },
  minRows: () => 10,
  // Ten rows per feature is the common advice for a covariance that can be trusted.
  wantedRows: (features) => Math.max(100, 10 * features),
  async fit(matrix, options, { progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    const { rows, columns } = matrix;
    progress(0.2);
    const product = await gram(z, { rows, columns });
    progress(0.5);
    const { values, vectors } = symmetricEigen(
      product.map((sum) => sum / Math.max(1, rows - 1)),
      columns,
    );
    progress(0.7);
    const kept = componentsToKeep(values, options);
    const limits = await limitsOf(z, { rows, columns }, values, vectors, kept);
    const m = indexMatrix(values, vectors, kept, limits);
    progress(1);
    return quadraticForm("pca", scaler, m, {
      components: kept,
      retainedVariance: share(values, kept),
      limitT2: limits.t2,
      limitQ: limits.q,
    });
  },
};

function componentsToKeep(values: Float64Array, options: PcaOptions): number {
  const rank = values.findIndex((value) => !(value > RANK_TOLERANCE * values[0]!));
  const most = rank < 0 ? values.length : rank;
  if (options.components > 0) return Math.min(options.components, most);
  for (let kept = 0; kept < most; kept++) if (share(values, kept) >= options.variance - 1e-12) return kept;
  return most;
}

/** The share of the variance that the first components hold. */
function share(values: Float64Array, kept: number): number {
  const sum = (part: Float64Array) => part.reduce((total, value) => total + Math.max(0, value), 0);
  const all = sum(values);
  return all > 0 ? sum(values.subarray(0, kept)) / all : 1;
}

interface Limits {
  /** τ² */
  t2: number;
  /** δ² */
  q: number;
}

async function limitsOf(
  z: Float64Array,
  { rows, columns }: Shape,
  values: Float64Array,
  vectors: Float64Array,
  kept: number,
): Promise<Limits> {
  // T² and Q in the components' own coordinates: Σz² − Σt² would cancel.
  const weights = new Float64Array(columns * 2);
  for (let k = 0; k < columns; k++) {
    if (k < kept) weights[k * 2] = 1 / values[k]!;
    else weights[k * 2 + 1] = 1;
  }
  const sums = await weightedSquares(z, { rows, columns }, vectors, weights);
  // The mean keeps a limit from being 0 when nearly all rows are alike.
  const limit = (which: 0 | 1, least: number) => {
    const scores = new Float64Array(rows);
    let total = 0;
    for (let row = 0; row < rows; row++) total += scores[row] = sums[row * 2 + which]!;
    return Math.max(quantile(scores.sort(), LIMIT_SHARE), total / rows, least);
  };
  return { t2: limit(0, 1e-3), q: limit(1, MIN_Q_LIMIT * columns) };
}

/** M, row-major and symmetric. With every component kept there is no residual, and its part is 0, not rounding. */
function indexMatrix(values: Float64Array, vectors: Float64Array, kept: number, limits: Limits): Float32Array {
  const n = values.length;
  const weights = Float64Array.from(values, (value, k) =>
    k < kept ? 1 / Math.sqrt(limits.t2 * value) : 1 / Math.sqrt(limits.q),
  );
  const m = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += weights[k]! * vectors[i * n + k]! * vectors[j * n + k]!;
      m[i * n + j] = sum;
      m[j * n + i] = sum;
    }
  }
  return m;
}
