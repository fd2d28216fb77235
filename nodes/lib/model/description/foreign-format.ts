/** What files begin with that people take for models, or that a download left instead of one. */
const BEGINNINGS: readonly (readonly [bytes: readonly number[] | string, what: string])[] = [
  ["PK\x03\x04", "a zip archive, as PyTorch (.pt), Keras (.keras) and numpy (.npz) write; export the model as ONNX"],
  ["\x89HDF", "an HDF5 file, as Keras writes (.h5); export the model as ONNX or .tflite"],
  [[0x80, 0x04], "a Python pickle, as scikit-learn and joblib write; export the model with skl2onnx"],
  [[0x80, 0x05], "a Python pickle, as scikit-learn and joblib write; export the model with skl2onnx"],
  [[0x80, 0x03], "a Python pickle, as scikit-learn and joblib write; export the model with skl2onnx"],
  [[0x80, 0x02], "a Python pickle, as scikit-learn and joblib write; export the model with skl2onnx"],
  ["\x1f\x8b", "a gzip archive; unpack it first"],
  ["version https://git-lfs", "a pointer of Git LFS instead of the file; fetch the file with `git lfs pull`"],
  ["GGUF", "a GGUF file of a language model, which is not for this package"],
  ["<", "a web page or XML instead of a model (a download that failed, or OpenVINO's .xml); export the model as ONNX"],
  ["{", "JSON, as XGBoost and Teachable Machine write; export the model as ONNX or .tflite"],
  ["tree\n", "LightGBM's own text format; export the model with onnxmltools"],
];

/** What bytes are that are neither ONNX nor TensorFlow Lite, with what to do, when their beginning tells. */
export function foreignFormat(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  const begins = (beginning: readonly number[] | string) =>
    Buffer.from(beginning as string, "latin1").every((byte, i) => bytes[i] === byte);
  return BEGINNINGS.find(([beginning]) => begins(beginning))?.[1];
}
