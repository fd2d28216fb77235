import { SoftmaxOptions } from "../schema.js";
import type { Operator } from "./operator.js";

/** Over the last axis; `beta` is the inverse of a temperature. */
export const softmax: Operator = {
  convert(conversion, { inputs, outputs, options }) {
    const { graph } = conversion;
    const beta = options?.float(SoftmaxOptions.beta) ?? 1;
    const x = conversion.real(inputs[0] ?? -1);
    const logits = beta === 1 ? x : graph.op("Mul", [x, graph.scalar(beta)]);
    conversion.put(outputs[0] ?? -1, graph.op("Softmax", [logits], { axis: -1 }));
  },
};

export const logSoftmax: Operator = {
  convert(conversion, { inputs, outputs }) {
    conversion.put(
      outputs[0] ?? -1,
      conversion.graph.op("LogSoftmax", [conversion.real(inputs[0] ?? -1)], { axis: -1 }),
    );
  },
};
