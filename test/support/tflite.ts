import { type Fields, flatbuffer } from "./flatbuffer.ts";

/** Numbers of the schema: types and operators that tests write. */
export const FLOAT32 = 0;
export const INT16 = 7;
export const INT8 = 9;
export const ADD = 0;
export const CONV_2D = 3;
export const FULLY_CONNECTED = 9;
export const RELU = 19;
export const RESHAPE = 22;
export const RNN = 24;
export const CUSTOM = 32;
export const TRANSPOSE = 39;

export interface TensorSpec {
  name?: string;
  type?: number;
  shape?: readonly number[];
  signature?: readonly number[];
  data?: Uint8Array;
  scales?: readonly number[];
  zeroPoints?: readonly number[];
}

export interface OperatorSpec {
  code: number;
  custom?: string;
  inputs: readonly number[];
  outputs: readonly number[];
}

export interface TfliteSpec {
  version?: number;
  tensors: readonly TensorSpec[];
  operators: readonly OperatorSpec[];
  inputs?: readonly number[];
  outputs?: readonly number[];
}

/** A .tflite file by hand, for what no converter would write: each operator has its own code, each tensor its buffer. */
export function tflite({ version = 3, tensors, operators, inputs = [0], outputs = [1] }: TfliteSpec): Uint8Array {
  const buffers: Fields[] = [{}];
  const written = new Map<TensorSpec, Fields>();
  for (const spec of tensors) {
    if (written.has(spec)) continue;
    const { name = "", type = FLOAT32, shape = [1, 4], signature, data, scales, zeroPoints } = spec;
    if (data) buffers.push({ 0: { bytes: data } });
    const fields: Record<number, Fields[number]> = {
      0: { ints: shape },
      1: { byte: type },
      2: { int: data ? buffers.length - 1 : 0 },
      3: { text: name },
    };
    if (scales) fields[4] = { table: { 2: { floats: scales }, 3: { longs: zeroPoints ?? scales.map(() => 0) } } };
    if (signature) fields[7] = { ints: signature };
    written.set(spec, fields);
  }
  const graph: Fields = {
    0: { tables: tensors.map((spec) => written.get(spec)!) },
    1: { ints: inputs },
    2: { ints: outputs },
    3: {
      tables: operators.map((operator, i) => ({
        0: { int: i },
        1: { ints: operator.inputs },
        2: { ints: operator.outputs },
      })),
    },
  };
  const codes = operators.map(
    ({ code, custom }): Fields => ({
      0: { byte: Math.min(code, 127) },
      ...(custom === undefined ? {} : { 1: { text: custom } }),
      3: { int: code },
    }),
  );
  const root = { 0: { int: version }, 1: { tables: codes }, 2: { tables: [graph] }, 4: { tables: buffers } };
  return flatbuffer(root, "TFL3");
}
