export { type LoadedRuntime, onnxruntime } from "./onnxruntime.js";
export { runtimeMessage } from "./runtime-message.js";
