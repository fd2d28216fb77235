import type { OnnxValue } from "../../onnx/index.js";
import { axisIn, type Conversion, type Layout } from "../conversion.js";
import { ReducerOptions } from "../schema.js";
import type { Operator } from "./operator.js";

/** Over the axes that its second input lists. */
export function reduction(type: "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin" | "ReduceProd"): Operator {
  return {
    uses: [0],
    convert(conversion, { inputs, outputs, options }) {
      const [x = -1, list = -1] = inputs;
      const [y = -1] = outputs;
      const rank = conversion.shape(x).length;
      const axes = [...new Set(conversion.list(list).map((axis) => conversion.axis(axis, rank)))].sort((a, b) => a - b);
      const keep = options?.byte(ReducerOptions.keepDims) ? 1 : 0;
      const places = axes.every((axis) => axis > 0 && axis < rank - 1);
      const layout: Layout = rank >= 3 && places ? conversion.layoutOf(x) : "last";
      const value = reduce(conversion, type, conversion.real(x, layout), {
        axes: axes.map((axis) => axisIn(axis, rank, layout)),
        keep,
        // All places of each channel, which has kernels of its own.
        global: type === "ReduceMean" && layout === "first" && axes.length === rank - 2,
        shape: conversion.shape(y),
      });
      const left = conversion.shape(y).length;
      conversion.put(y, value, left >= 3 ? layout : "last");
    },
  };
}

interface Reduction {
  axes: number[];
  keep: number;
  global: boolean;
  /** Of the result. */
  shape: readonly number[];
}

function reduce(
  conversion: Conversion,
  type: string,
  value: OnnxValue,
  { axes, keep, global, shape }: Reduction,
): OnnxValue {
  const { graph } = conversion;
  if (global) {
    const mean = graph.op("GlobalAveragePool", [value]);
    return keep ? mean : conversion.reshape(mean, shape);
  }
  // Opset 17 has the axes of a sum as an input, of all others as an attribute.
  if (type === "ReduceSum") return graph.op(type, [value, graph.ints(axes)], { keepdims: keep });
  return graph.op(type, [value], { axes, keepdims: keep });
}
