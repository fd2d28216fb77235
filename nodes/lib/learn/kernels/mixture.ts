import type { Shape } from "../math/seed-centres.js";
import { diagonalMixture } from "./diagonal-mixture.js";
import { fullMixture } from "./full-mixture.js";
import type { MixtureKernel, MixtureShape } from "./mixture-kernel.js";

/**
 * @param z row-major [rows, columns]
 * @throws EdgeMlError EDGE_ML_ONNXRUNTIME; Cancelled
 */
export function mixtureKernel(z: Float64Array, shape: Shape, kind: MixtureShape): Promise<MixtureKernel> {
  return kind === "full" ? fullMixture(z, shape) : diagonalMixture(z, shape);
}
