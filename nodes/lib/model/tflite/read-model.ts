import { FlatbufferError, FlatTable } from "./flatbuffer.js";
import {
  Buffer as BufferFields,
  Model,
  Operator,
  OperatorCode,
  operatorName,
  Quantization,
  Subgraph,
  Tensor,
  typeName,
} from "./schema.js";

/** A TensorFlow Lite model, as its file describes it: one graph, since those of microcontrollers have one. */
export interface TfliteModel {
  name: string;
  tensors: TfliteTensor[];
  /** In an order in which they can run. */
  operators: TfliteOperator[];
  /** Indices of tensors. */
  inputs: number[];
  outputs: number[];
}

export interface TfliteTensor {
  name: string;
  type: string;
  /** With 1 for what is known only when the model runs. */
  shape: number[];
  /** Axes behind the first that are known only when the model runs. */
  open: number[];
  /** Of a constant: little-endian, row-major, not copied; as long as type and shape say. */
  data: Uint8Array | undefined;
  /** Read when it is asked for: one list may be that of many tensors. */
  quantization(): TfliteQuantization | undefined;
}

/** real = scale × (stored − zero point), with one pair for the tensor or for each place on an axis. */
export interface TfliteQuantization {
  scales: number[];
  zeroPoints: number[];
  axis: number;
}

export interface TfliteOperator {
  name: string;
  /** Indices of tensors; -1 for one that is left out. */
  inputs: number[];
  outputs: number[];
  options: FlatTable | undefined;
}

/** More than a model for a gateway has; each is a few steps of work. */
const MAX_ENTRIES = 16_384;
const MAX_RANK = 8;
/** Of one tensor: what a run needs for it must fit into a gateway's memory. */
const MAX_ELEMENTS = 2 ** 26;

/** Bytes of one element. */
const SIZES: Record<string, number> = {
  FLOAT32: 4,
  FLOAT16: 2,
  FLOAT64: 8,
  INT64: 8,
  INT32: 4,
  INT16: 2,
  INT8: 1,
  UINT8: 1,
  BOOL: 1,
};

/** Whether bytes are a TensorFlow Lite model, by its identifier at byte 4. */
export function isTflite(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === "TFL3";
}

/**
 * Reads a model; weights are not copied.
 * @throws FlatbufferError when the file is damaged, or larger in what it declares than any model in earnest
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const model = FlatTable.root(bytes);
  const version = model.int(Model.version);
  if (version !== 3) throw new FlatbufferError(`version ${version} of the format, and only 3 is known`);
  const codes = model.tables(Model.operatorCodes, MAX_ENTRIES).map(readCode);
  const buffers = model.tables(Model.buffers, MAX_ENTRIES).map((buffer) => readBuffer(buffer, bytes));
  const [graph] = model.tables(Model.subgraphs, MAX_ENTRIES);
  if (!graph) throw new FlatbufferError("no graph");
  const tensors = graph.tables(Subgraph.tensors, MAX_ENTRIES).map((tensor) => readTensor(tensor, buffers));
  const index = (tensor: number): number => {
    if (tensor < -1 || tensor >= tensors.length) throw new FlatbufferError(`tensor ${tensor} of ${tensors.length}`);
    return tensor;
  };
  /** Together: many operators may share one long list. */
  let listed = 0;
  const indices = (table: FlatTable, field: number): number[] => {
    const list = table.ints(field, MAX_ENTRIES).map(index);
    listed += list.length;
    if (listed > 16 * MAX_ENTRIES) throw new FlatbufferError("too many inputs and outputs");
    return list;
  };
  return {
    name: graph.text(Subgraph.name) || "main",
    tensors,
    operators: graph.tables(Subgraph.operators, MAX_ENTRIES).map((operator) => {
      const code = operator.int(Operator.code);
      const name = codes[code];
      if (name === undefined) throw new FlatbufferError(`operator code ${code} of ${codes.length}`);
      return {
        name,
        inputs: indices(operator, Operator.inputs),
        outputs: indices(operator, Operator.outputs),
        options: operator.table(Operator.options),
      };
    }),
    inputs: indices(graph, Subgraph.inputs),
    outputs: indices(graph, Subgraph.outputs),
  };
}

/** Old files have the number in a byte; what comes after 126 stands in an int32. */
function readCode(code: FlatTable): string {
  const name = operatorName(Math.max(code.byte(OperatorCode.deprecatedCode), code.int(OperatorCode.code)));
  return name === "CUSTOM" ? `custom ${code.text(OperatorCode.customCode, 64) || "operator"}` : name;
}

/** A buffer's bytes: in the flatbuffer, or, in large files, behind it. Buffer 0 is empty: no data. */
function readBuffer(buffer: FlatTable, file: Uint8Array): Uint8Array {
  const offset = buffer.long(BufferFields.offset);
  if (offset <= 1) return buffer.bytes(BufferFields.data);
  const end = offset + buffer.long(BufferFields.size);
  if (end > file.length) throw new FlatbufferError(`cut off: a buffer ends at byte ${end}`);
  return file.subarray(offset, end);
}

function readTensor(tensor: FlatTable, buffers: readonly Uint8Array[]): TfliteTensor {
  const name = tensor.text(Tensor.name);
  const type = typeName(tensor.byte(Tensor.type));
  const shape = tensor.ints(Tensor.shape, MAX_RANK);
  const elements = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => size < 0) || elements > MAX_ELEMENTS) {
    throw new FlatbufferError(`the tensor "${name}" is ${shape.join(" × ")}`);
  }
  if (tensor.table(Tensor.sparsity)) throw new FlatbufferError(`the tensor "${name}" is sparse`);
  const signature = tensor.ints(Tensor.signature, MAX_RANK);
  const open = signature.flatMap((size, axis) => (size < 0 && axis > 0 ? [axis] : []));
  const number = tensor.int(Tensor.buffer);
  const buffer = buffers[number];
  if (!buffer) throw new FlatbufferError(`buffer ${number} of ${buffers.length}`);
  const data = buffer.length > 0 ? buffer : undefined;
  const size = SIZES[type];
  if (data && size !== undefined && data.length !== elements * size) {
    throw new FlatbufferError(`the tensor "${name}" has ${data.length} bytes instead of ${elements * size}`);
  }
  const quantization = tensor.table(Tensor.quantization);
  return {
    name,
    type,
    shape,
    open,
    data,
    quantization: () => quantization && readQuantization(name, shape, quantization),
  };
}

function readQuantization(name: string, shape: readonly number[], table: FlatTable): TfliteQuantization | undefined {
  const axis = table.int(Quantization.dimension);
  const most = Math.max(1, shape[axis] ?? 1);
  const scales = table.floats(Quantization.scale, most);
  const zeroPoints = table.longs(Quantization.zeroPoint, most);
  if (scales.length === 0) return undefined;
  if (scales.length !== 1 && scales.length !== shape[axis]) {
    throw new FlatbufferError(`the tensor "${name}" has ${scales.length} scales`);
  }
  if (scales.some((scale) => !(scale > 0 && Number.isFinite(scale)))) {
    throw new FlatbufferError(`the tensor "${name}" has a scale that is no positive number`);
  }
  return { scales, zeroPoints: scales.map((_, i) => zeroPoints[i] ?? zeroPoints[0] ?? 0), axis };
}
