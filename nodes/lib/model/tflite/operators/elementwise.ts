import { float, type OnnxGraph, type OnnxValue } from "../../onnx/index.js";
import { clampedReal } from "../fused-activation.js";
import type { TfliteOperator } from "../read-model.js";
import { Activation, LeakyReluOptions } from "../schema.js";
import type { Operator } from "./operator.js";

/** An operator of each number alone. */
function elementwise(compute: (graph: OnnxGraph, x: OnnxValue, operator: TfliteOperator) => OnnxValue): Operator {
  return {
    convert(conversion, operator) {
      const [x = -1] = operator.inputs;
      const layout = conversion.layoutOf(x);
      conversion.put(
        operator.outputs[0] ?? -1,
        compute(conversion.graph, conversion.real(x, layout), operator),
        layout,
      );
    },
  };
}

const plain = (type: string): Operator => elementwise((graph, x) => graph.op(type, [x]));
const limited = (activation: number): Operator => elementwise((graph, x) => clampedReal(graph, x, activation));

export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  ABS: plain("Abs"),
  CEIL: plain("Ceil"),
  COS: plain("Cos"),
  ELU: plain("Elu"),
  EXP: plain("Exp"),
  FLOOR: plain("Floor"),
  HARD_SWISH: plain("HardSwish"),
  LEAKY_RELU: elementwise((graph, x, { options }) =>
    graph.op("LeakyRelu", [x], { alpha: float(options?.float(LeakyReluOptions.alpha) ?? 0) }),
  ),
  LOG: plain("Log"),
  LOGISTIC: plain("Sigmoid"),
  NEG: plain("Neg"),
  RELU: limited(Activation.relu),
  RELU6: limited(Activation.relu6),
  RELU_N1_TO_1: limited(Activation.reluN1To1),
  RSQRT: elementwise((graph, x) => graph.op("Reciprocal", [graph.op("Sqrt", [x])])),
  SIN: plain("Sin"),
  SQRT: plain("Sqrt"),
  SQUARE: elementwise((graph, x) => graph.op("Mul", [x, x])),
  TANH: plain("Tanh"),
};
