import type { OnnxGraph, OnnxValue } from "../../model/index.js";
import { MAX_Z, type Scaler } from "../math/scaler.js";

/**
 * The input "features" [N, F] and its standardisation. The mean is subtracted first, and not folded into what follows:
 * x − mean is exact enough in float32 even when the offset is large, A·x − A·mean is not.
 */
export function standardisedInput(g: OnnxGraph, { mean, scale }: Pick<Scaler, "mean" | "scale">): OnnxValue {
  const features = mean.length;
  const x = g.input("features", ["N", features]);
  const z = g.op("Div", [g.op("Sub", [x, g.tensor([features], mean)]), g.tensor([features], scale)]);
  return g.op("Clip", [z, g.scalar(-MAX_Z), g.scalar(MAX_Z)]);
}
