import { float16Value } from "./float16.js";
import type { OutputTensor } from "./runner.js";

/**
 * An output's numbers as JSON can hold them: int64 and the other whole-number types become numbers (exact to 2^53),
 * float16 is decoded.
 */
export function plainData(type: string, data: unknown): OutputTensor["data"] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === "string") return data as string[];
  if (type === "float16" && data instanceof Uint16Array) return Float32Array.from(data, float16Value);
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
