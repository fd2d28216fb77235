import type { Conversion } from "../conversion.js";
import type { TfliteOperator } from "../read-model.js";

/** How one operator of TensorFlow Lite is said in ONNX. */
export interface Operator {
  /** Which of its inputs it takes the numbers of, as places in its list; all when left out. */
  uses?: readonly number[];
  /** Asks the conversion for the operator's inputs and puts its outputs. */
  convert(conversion: Conversion, operator: TfliteOperator): void;
}
