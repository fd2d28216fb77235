import type { Truth } from "./moment.js";

/** Which labels say what of a moment. */
export interface LabelRule {
  /** All is well. */
  normal: readonly string[];
  /** Something is wrong; when empty, every label that is not normal. Labels in neither list say nothing. */
  faulty: readonly string[];
}

export function truthOf(label: string | undefined, { normal, faulty }: LabelRule): Truth {
  if (label === undefined) return "unknown";
  if (normal.includes(label)) return "normal";
  return faulty.length === 0 || faulty.includes(label) ? "faulty" : "unknown";
}
