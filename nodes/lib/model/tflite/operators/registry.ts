import { arithmetic, squaredDifference } from "./arithmetic.js";
import { concatenation, pad, reshape, split, transpose } from "./arrangement.js";
import { convolution, depthwiseConvolution } from "./convolution.js";
import { dense } from "./dense.js";
import { elementwiseOperators } from "./elementwise.js";
import type { Operator } from "./operator.js";
import { averagePool, maxPool } from "./pooling.js";
import { dequantize, quantize } from "./quantization.js";
import { reduction } from "./reduction.js";
import { plainSlice, stridedSlice } from "./slicing.js";
import { logSoftmax, softmax } from "./softmax.js";
import { batchToSpace, spaceToBatch } from "./space-batch.js";

/** The operators of TensorFlow Lite that can be converted, by the names of its schema. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...elementwiseOperators,
    ADD: arithmetic("Add"),
    AVERAGE_POOL_2D: averagePool,
    BATCH_TO_SPACE_ND: batchToSpace,
    CONCATENATION: concatenation,
    CONV_2D: convolution,
    DEPTHWISE_CONV_2D: depthwiseConvolution,
    DEQUANTIZE: dequantize,
    DIV: arithmetic("Div"),
    EXPAND_DIMS: reshape,
    FULLY_CONNECTED: dense,
    LOG_SOFTMAX: logSoftmax,
    MAX_POOL_2D: maxPool,
    MAXIMUM: arithmetic("Max", { fused: false }),
    MEAN: reduction("ReduceMean"),
    MINIMUM: arithmetic("Min", { fused: false }),
    MUL: arithmetic("Mul"),
    PAD: pad,
    PADV2: pad,
    PRELU: arithmetic("PRelu", { fused: false }),
    QUANTIZE: quantize,
    REDUCE_MAX: reduction("ReduceMax"),
    REDUCE_MIN: reduction("ReduceMin"),
    REDUCE_PROD: reduction("ReduceProd"),
    RESHAPE: reshape,
    SLICE: plainSlice,
    SOFTMAX: softmax,
    SPACE_TO_BATCH_ND: spaceToBatch,
    SPLIT: split,
    SQUARED_DIFFERENCE: squaredDifference,
    SQUEEZE: reshape,
    STRIDED_SLICE: stridedSlice,
    SUB: arithmetic("Sub"),
    SUM: reduction("ReduceSum"),
    TRANSPOSE: transpose,
  } satisfies Record<string, Operator>),
);
