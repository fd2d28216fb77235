import type { OnnxValue } from "../../onnx/index.js";
import type { Conversion, Layout } from "../conversion.js";
import type { TfliteOperator } from "../read-model.js";
import { ArithmeticOptions } from "../schema.js";
import type { Operator } from "./operator.js";

/** An operator of two tensors that are broadcast to each other. */
export function arithmetic(type: string, { fused = true } = {}): Operator {
  return {
    convert(conversion, operator) {
      const { layout, values } = operandsOf(conversion, operator);
      const activation = fused ? operator.options?.byte(ArithmeticOptions.activation) : 0;
      conversion.put(operator.outputs[0] ?? -1, conversion.graph.op(type, values), layout, activation);
    },
  };
}

export const squaredDifference: Operator = {
  convert(conversion, operator) {
    const { layout, values } = operandsOf(conversion, operator);
    const difference = conversion.graph.op("Sub", values);
    conversion.put(operator.outputs[0] ?? -1, conversion.graph.op("Mul", [difference, difference]), layout);
  },
};

function operandsOf(
  conversion: Conversion,
  { inputs, outputs }: TfliteOperator,
): { layout: Layout; values: OnnxValue[] } {
  const rank = conversion.shape(outputs[0] ?? -1).length;
  const computed = inputs.filter((index) => !conversion.isConstant(index));
  const equal = computed.every((index) => conversion.shape(index).length === rank);
  const first = rank >= 3 && equal && computed.some((index) => conversion.layoutOf(index) === "first");
  const layout = first ? "first" : "last";
  const values = inputs.map((index) =>
    conversion.isConstant(index) ? conversion.operand(index, rank, layout, "real") : conversion.real(index, layout),
  );
  return { layout, values };
}
