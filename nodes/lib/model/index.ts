export { type Background, readBackground } from "./background.js";
export { MANIFEST_KEY, readManifest, withManifest, writeBundle } from "./bundle.js";
export { type BundledModel, BundledModels, copyOfBundled, originOf } from "./bundled.js";
export { describeModel, type ModelDescription, type PortDescription } from "./description/index.js";
export { filesBeside } from "./files-beside.js";
export { float16Bits, float16Value } from "./float16.js";
export {
  checkManifest,
  type Manifest,
  type ManifestExpectedAlarms,
  type ManifestInput,
  type ManifestInterval,
  type ManifestOutputs,
  type ManifestThreshold,
  type ManifestTriggers,
  manifestSchema,
} from "./manifest.js";
export type {
  ManifestAbnormal,
  ManifestCalibration,
  ManifestCandidate,
  ManifestChoice,
  ManifestClasses,
  ManifestCrossValidation,
  ManifestHoldOut,
  ManifestTraining,
  ManifestValues,
} from "./manifest-training.js";
export { networkHash } from "./network-hash.js";
export * from "./onnx/index.js";
export * from "./store/index.js";
export { isTflite, type TfliteSettings, tfliteAsOnnx, tfliteToOnnx } from "./tflite/index.js";
