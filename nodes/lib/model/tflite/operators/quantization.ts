import type { Operator } from "./operator.js";

/** To other scales, or from real numbers. */
export const quantize: Operator = {
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    const layout = conversion.layoutOf(x);
    if (conversion.alike(x, y)) conversion.putStored(y, conversion.stored(x, layout), layout);
    else conversion.put(y, conversion.real(x, layout), layout);
  },
};

/** To real numbers; of a constant (weights in float16 or in 8 bits) once and for all. */
export const dequantize: Operator = {
  convert(conversion, { inputs, outputs }) {
    const [x = -1] = inputs;
    const [y = -1] = outputs;
    if (conversion.isConstant(x)) conversion.fold(y, conversion.numbers(x));
    else conversion.put(y, conversion.real(x, conversion.layoutOf(x)), conversion.layoutOf(x));
  },
};
