/** A TensorFlow Lite model that is whole, but that this package does not know how to convert. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}
