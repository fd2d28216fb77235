import { generalisedCrossValidation, type NormalEquations, normalEquations, solve } from "../math/least-squares.js";
import { fitScaler, standardiseAll } from "../math/scaler.js";
import type { ValueLearner } from "./learner.js";
import { determination } from "./linear.js";
import { linearModel } from "./linear-model.js";

interface RidgeOptions {
  /** The penalty of |w|² beside the sum of the squared errors, for standardised features; 0: by cross-validation. */
  alpha: number;
}

/** The penalties that are tried, as shares of the number of rows: at 1, a lone feature's weight is halved. */
const SHARES = Array.from({ length: 33 }, (_, i) => 10 ** (-6 + i / 4));

/**
 * Ridge regression: least squares with a penalty on the weights (Hoerl & Kennard, Technometrics 12 (1970) 55–67), which
 * keeps many or similar features from balancing each other with large weights. The penalty is chosen by generalised
 * cross-validation.
 */
export const ridge: ValueLearner<RidgeOptions> = {
  task: "value",
  id: "ridge",
  title: "Ridge regression",
  about: "A linear regression that stays calm with many features, or features that are much alike.",
  cost: "O(rows × features² + features³)",
  maxFeatures: 512,
  options: {
    type: "object",
    additionalProperties: false,
    properties: {
      alpha: { type: "number", minimum: 0, maximum: 1e9, default: 0, title: "Penalty of the weights (0: by itself)" },
    },
  },
  minRows: () => 10,
  wantedRows: (features) => Math.max(50, 5 * features),
  async fit(matrix, { values }, options, { progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    progress(0.2);
    const equations = await normalEquations(z, matrix, values, scaler);
    progress(0.9);
    const alpha = options.alpha > 0 ? options.alpha : bestAlpha(equations);
    progress(1);
    return linearModel("ridge", scaler, solve(equations, alpha), {
      alpha,
      determination: determination(equations, alpha),
    });
  },
};

function bestAlpha(equations: NormalEquations): number {
  let best = Number.POSITIVE_INFINITY;
  let found = SHARES[0]! * equations.rows;
  for (const share of SHARES) {
    const alpha = share * equations.rows;
    const score = generalisedCrossValidation(equations, alpha);
    if (score < best) {
      best = score;
      found = alpha;
    }
  }
  return found;
}
