/** Field numbers and enumerations of ONNX, from https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR version 8). */

export const Model = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  graph: 7,
  opsetImport: 8,
  metadataProps: 14,
  functions: 25,
} as const;

export const LocalFunction = { domain: 10 } as const;
export const OperatorSet = { domain: 1, version: 2 } as const;
export const StringEntry = { key: 1, value: 2 } as const;
export const Graph = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
export const Node = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const Attribute = { name: 1, f: 2, i: 3, s: 4, floats: 7, ints: 8, strings: 9, type: 20 } as const;
export const AttributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
export const Tensor = {
  dims: 1,
  dataType: 2,
  int32Data: 5,
  stringData: 6,
  int64Data: 7,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;
export const ValueInfo = { name: 1, type: 2 } as const;
export const Type = { tensor: 1, sequence: 4, map: 5, sparseTensor: 8, optional: 9 } as const;
export const SequenceType = { elemType: 1 } as const;
export const TensorType = { elemType: 1, shape: 2 } as const;
export const Shape = { dim: 1 } as const;
export const Dimension = { value: 1, param: 2 } as const;

/** TensorProto.DataType, with the names that onnxruntime uses. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

export type DataType = keyof typeof dataTypes;

export function dataTypeName(number: number): DataType | undefined {
  return (Object.keys(dataTypes) as DataType[]).find((name) => dataTypes[name] === number);
}
