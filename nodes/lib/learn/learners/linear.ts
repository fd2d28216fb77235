import { normalEquations, residual, solve } from "../math/least-squares.js";
import { fitScaler, standardiseAll } from "../math/scaler.js";
import type { ValueLearner } from "./learner.js";
import { linearModel } from "./linear-model.js";

/**
 * Ordinary least squares. Features that are combinations of others (the same sensor twice, a sum) share their weight:
 * of all solutions the one with the least weights is taken.
 */
export const linear: ValueLearner<Record<never, never>> = {
  task: "value",
  id: "linear",
  title: "Linear regression",
  about: "Learns a weighted sum of the features: for a forecast from the last values, and to see what drives what.",
  cost: "O(rows × features² + features³)",
  maxFeatures: 512,
  options: { type: "object", additionalProperties: false, properties: {} },
  minRows: () => 10,
  wantedRows: (features) => Math.max(50, 10 * features),
  async fit(matrix, { values }, _options, { progress }) {
    const scaler = fitScaler(matrix);
    const z = standardiseAll(scaler, matrix);
    progress(0.2);
    const equations = await normalEquations(z, matrix, values, scaler);
    progress(1);
    return linearModel("linear", scaler, solve(equations, 0), { determination: determination(equations, 0) });
  },
};

/** R² of the training rows: the share of the values' variance that is explained; 0 when they never vary. */
export function determination(equations: Awaited<ReturnType<typeof normalEquations>>, alpha: number): number {
  return equations.total > 0 ? 1 - residual(equations, alpha) / equations.total : 0;
}
