import { OnnxGraph } from "../../model/index.js";
import type { LinearFunction } from "../math/least-squares.js";
import { type Scaler, standardise } from "../math/scaler.js";
import type { FittedRegressor } from "./learner.js";
import { standardisedInput } from "./standardised.js";

/** A linear function of the standardised features, here and as a graph. */
export function linearModel(
  name: string,
  scaler: Scaler,
  { weights, intercept }: LinearFunction,
  found: Record<string, number>,
): FittedRegressor {
  const n = weights.length;
  const w = Float32Array.from(weights);
  const b = Math.fround(intercept);
  const z = new Float64Array(n);
  return {
    scaler,
    found,
    predict(row) {
      standardise(scaler, row, z);
      let value = b;
      for (let i = 0; i < n; i++) value += w[i]! * z[i]!;
      return value;
    },
    graph() {
      const g = new OnnxGraph(name);
      g.output("values", g.op("Gemm", [standardisedInput(g, scaler), g.tensor([n, 1], w), g.tensor([1], [b])]), [
        "N",
        1,
      ]);
      return g;
    },
  };
}
