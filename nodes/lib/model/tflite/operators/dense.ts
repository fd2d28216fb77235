import { ConversionError } from "../conversion-error.js";
import { DenseOptions } from "../schema.js";
import { weights } from "./convolution.js";
import type { Operator } from "./operator.js";

/** Weights [out, in]; what comes before the last axis of the input are rows. */
export const dense: Operator = {
  convert(conversion, { inputs, outputs, options }) {
    const [x = -1, w = -1, bias = -1] = inputs;
    const [y = -1] = outputs;
    const [out = 0, size = 0] = conversion.shape(w);
    const shape = conversion.shape(x);
    const count = shape.reduce((product, each) => product * each, 1);
    if (
      conversion.shape(w).length !== 2 ||
      size < 1 ||
      count % size !== 0 ||
      options?.byte(DenseOptions.weightsFormat)
    ) {
      throw new ConversionError(`FULLY_CONNECTED of ${shape.join(" × ")} by ${conversion.shape(w).join(" × ")}`);
    }
    const { graph } = conversion;
    let rows = conversion.real(x);
    if (shape.length !== 2 || shape[1] !== size) rows = graph.op("Reshape", [rows, graph.ints([-1, size])]);
    const product = graph.op("Gemm", [rows, ...weights(conversion, x, w, bias, [1, 0])]);
    const target = conversion.shape(y);
    const flat = target.length === 2 && target[1] === out;
    conversion.put(
      y,
      flat ? product : conversion.reshape(product, target),
      "last",
      options?.byte(DenseOptions.activation),
    );
  },
};
