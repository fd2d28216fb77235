export { tfliteAsOnnx } from "./as-onnx.js";
export type { Integers } from "./quantized.js";
export { isTflite } from "./read-model.js";
export { type TfliteSettings, tfliteToOnnx } from "./to-onnx.js";
