/** Whether a file's name is that of a model, not of its weights. Without imports: the editor's page uses it. */
export function isModelFile(name: string): boolean {
  return /\.(?:onnx|tflite)$/i.test(name);
}
