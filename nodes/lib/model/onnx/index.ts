export { type ClassifierInfo, readClassifier, type Scale } from "./classifier-info.js";
export { encodeModel, IR_VERSION, type ModelHeader, OPSET } from "./encode.js";
export { type ReadBeside, withInlineData } from "./external-data.js";
export type { DataType } from "./fields.js";
export { portName, withFloatPorts } from "./float-ports.js";
export {
  type Dimension,
  type ElementType,
  type FloatAttribute,
  float,
  type OnnxAttribute,
  OnnxGraph,
  type OnnxValue,
} from "./graph.js";
export { type ModelInfo, type PortInfo, readMetadata, readModelInfo } from "./model-info.js";
export { withPlainOutputs } from "./plain-outputs.js";
export { ProtobufError } from "./protobuf-reader.js";
export { setMetadata } from "./set-metadata.js";
