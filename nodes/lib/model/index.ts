export { MANIFEST_KEY, readManifest, withManifest, writeBundle } from "./bundle.js";
export { filesBeside } from "./files-beside.js";
export { float16Bits, float16Value } from "./float16.js";
export {
  checkManifest,
  type Manifest,
  type ManifestInput,
  type ManifestOutputs,
  type ManifestThreshold,
  type ManifestTraining,
  manifestSchema,
} from "./manifest.js";
export * from "./onnx/index.js";
export * from "./store/index.js";
export { isTflite, type TfliteSettings, tfliteToOnnx } from "./tflite/index.js";
