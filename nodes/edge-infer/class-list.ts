/** Lists as they are typed into the dialog, read the same way there and in the runtime. */

export interface ClassThreshold {
  label: string;
  /** 0..1 */
  threshold: number;
}

/** Names between commas: "idle, spin, shake". */
export function parseLabels(text: string): string[] {
  return text
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}

/** A name and a number between commas: "spin 0.8, wand up 0.6". Undefined when a part is none, or a name comes twice. */
export function parseClassThresholds(text: string): ClassThreshold[] | undefined {
  const thresholds: ClassThreshold[] = [];
  for (const part of parseLabels(text)) {
    const [, label, number] = /^(\S.*)\s+(\d*\.?\d+)$/.exec(part) ?? [];
    const threshold = Number(number);
    if (label === undefined || !(threshold >= 0 && threshold <= 1)) return undefined;
    if (thresholds.some((each) => each.label === label.trim())) return undefined;
    thresholds.push({ label: label.trim(), threshold });
  }
  return thresholds;
}
