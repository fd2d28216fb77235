import { EdgeMlError } from "../../errors/index.js";
import type { ManifestValues } from "../../model/index.js";
import type { ValueLearner } from "../learners/index.js";
import { type Matrix, takeRows } from "../math/matrix.js";
import { residualInterval, type ValueMetrics, valueMetrics } from "../validate/value-metrics.js";
import { valueWarnings } from "../validate/warnings/values.js";
import { tooFew } from "./parts.js";
import type { Conclusion, ConclusionContext, Predicted, Problem, Trial } from "./problem.js";
import type { TrainingRequest } from "./request.js";
import { valueRows } from "./value-rows.js";

/** The interval that is told with a model: the truth lies outside of it once in ten times. */
const CONFIDENCE = 0.9;

/** A value: the number in the frame's label, or a feature that comes later. */
export function valueProblem(request: TrainingRequest): Problem {
  const { frames } = request;
  const found = valueRows(request);
  const { rows, values, times, last, name, source } = found;
  if (rows.length === 0 && source.from === "label") {
    throw new EdgeMlError("EDGE_ML_LEARN_LABELS", { reason: "no frame has a label that is a number" });
  }
  const all: Matrix = { rows: frames.rows, columns: frames.columns, data: frames.data };
  const at = new Map(rows.map((row, i) => [row, i]));
  const truthOf = (of: readonly number[]) => Float64Array.from(of, (row) => values[at.get(row)!]!);
  const metricsOf = ({ rows: of, output }: Predicted): ValueMetrics => valueMetrics(output, truthOf(of));

  const baselinesOf = ({ training, holdOut }: Trial): ManifestValues["baselines"] => {
    const truth = truthOf(holdOut.rows);
    const learned = truthOf(training);
    const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
    const { rmse, mae } = valueMetrics(new Float64Array(truth.length).fill(mean), truth);
    const baselines: ManifestValues["baselines"] = [{ name: "mean", rmse, mae }];
    if (last) {
      const before = Float64Array.from(holdOut.rows, (row) => last[at.get(row)!]!);
      const { rmse, mae } = valueMetrics(before, truth);
      baselines.push({ name: "last value", rmse, mae });
    }
    return baselines;
  };

  return {
    output: "values",
    rows,
    times,
    metric: { name: "rmse", words: "how far off it is (root mean square)", higherIsBetter: false },
    foldMetric: "rmse",
    enough({ learner, options }) {
      if (rows.length < 2) throw tooFew(rows.length, learner.minRows(options), request.holdOut);
    },
    async fit({ learner, options }, chosen, context) {
      return (learner as ValueLearner).fit(takeRows(all, chosen), { values: truthOf(chosen) }, options, context);
    },
    async measure({ holdOut }) {
      const { rmse, rmseError } = metricsOf(holdOut);
      const parts = truthOf(holdOut.rows).map((truth, i) => (holdOut.output[i]! - truth) ** 2);
      return { value: rmse, error: rmseError, parts };
    },
    foldValues: (folds) => folds.map((fold) => metricsOf(fold).rmse),
    conclude(trial: Trial, { noGap, by }: ConclusionContext): Conclusion {
      const { holdOut, seen } = trial;
      const metrics = metricsOf(holdOut);
      const { rmse, mae, r2 } = metrics;
      const baselines = baselinesOf(trial);
      return {
        outputs: { values: "values" },
        labels: [name],
        interval: { ...residualInterval(holdOut.output, truthOf(holdOut.rows), CONFIDENCE), confidence: CONFIDENCE },
        metrics: { rmse, mae, ...(r2 === null ? {} : { r2 }) },
        values: { source, rmse, mae, r2, baselines },
        warnings: valueWarnings({
          names: request.names,
          scaler: trial.fitted.scaler,
          training: takeRows(all, trial.training),
          holdOut: takeRows(all, holdOut.rows),
          all: takeRows(all, rows),
          wantedRows: trial.method.learner.wantedRows(frames.columns, trial.method.options),
          noGap,
          by,
          wishedBy: request.holdOutBy,
          stride: frames.stride,
          streams: frames.streams.length,
          trainingValues: truthOf(trial.training),
          holdOutValues: truthOf(holdOut.rows),
          allValues: values,
          metrics,
          trainingMetrics: metricsOf(seen),
          baselines,
        }),
        graph: (model) => model.graph(),
      };
    },
  };
}
