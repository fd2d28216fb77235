import type { OutputTensor } from "./runner.js";

/**
 * An output's numbers as JSON can hold them: int64 and the other whole-number types become numbers (exact to 2^53),
 * float16 is decoded.
 */
export function plainData(type: string, data: unknown): OutputTensor["data"] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === "string") return data as string[];
  if (type === "float16" && data instanceof Uint16Array) return Float32Array.from(data, float16);
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

/** IEEE 754-2008 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
