export type { Integers } from "./quantized.js";
export { isTflite } from "./read-model.js";
export { tfliteToOnnx, type TfliteSettings } from "./to-onnx.js";
