import type { OutputTensor } from "./runner.js";

/**
 * An output's numbers as JSON can hold them: int64 and the other whole-number types become numbers (exact to 2^53).
 */
export function plainData(type: string, data: unknown): OutputTensor["data"] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === "string") return data as string[];
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
