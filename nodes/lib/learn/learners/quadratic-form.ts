import { OnnxGraph } from "../../model/index.js";
import { type Scaler, standardise } from "../math/scaler.js";
import type { FittedAnomaly } from "./learner.js";
import { standardisedInput } from "./standardised.js";

/**
 * The score Σ y² of y = M z, where z is the standardised row: a distance whose squares are its contributions.
 * @param name of the graph
 * @param scaler what the data are like, for people and for the manifest
 * @param z what M expects the row to be standardised by, when that is another one
 * @param m row-major [features, features]
 */
export function quadraticForm(
  name: string,
  scaler: Scaler,
  m: Float32Array,
  found: Record<string, number>,
  z: Pick<Scaler, "mean" | "scale"> = scaler,
): FittedAnomaly {
  const n = scaler.mean.length;
  const standard = new Float64Array(n);
  return {
    scaler,
    found,
    explains: true,
    predict(row) {
      standardise(z, row, standard);
      const contributions = new Float64Array(n);
      let score = 0;
      for (let i = 0; i < n; i++) {
        let y = 0;
        for (let j = 0; j < n; j++) y += m[i * n + j]! * standard[j]!;
        contributions[i] = y * y;
        score += y * y;
      }
      return { score, contributions };
    },
    graph() {
      const g = new OnnxGraph(name);
      const y = g.op("MatMul", [standardisedInput(g, z), g.tensor([n, n], m)]);
      const contributions = g.op("Mul", [y, y]);
      g.output("score", g.op("ReduceSum", [contributions, g.ints([1])], { keepdims: 0 }), ["N"]);
      g.output("contributions", contributions, ["N", n]);
      return g;
    },
  };
}
