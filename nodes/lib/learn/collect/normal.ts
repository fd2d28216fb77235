import type { Frame } from "../../frame/index.js";

/** Which frames count as normal. */
export interface NormalRule {
  /** Labels of normal frames, compared without regard to case. */
  labels: readonly string[];
  /** Whether a frame without a label is normal. */
  unlabelled: boolean;
}

/** Why a frame is not learned from: its quality, or its label; undefined when it is. */
export type Unfit = "bad" | "label";

export function normalFrames({ labels, unlabelled }: NormalRule): (frame: Frame) => Unfit | undefined {
  const normal = new Set(labels.map((label) => label.trim().toLowerCase()));
  return ({ data, info }) => {
    // The quality may say ok of numbers that a Function node made.
    if (!info.quality.ok || !data.every(Number.isFinite)) return "bad";
    const label = info.label?.trim().toLowerCase() ?? "";
    return (label === "" ? unlabelled : normal.has(label)) ? undefined : "label";
  };
}

/** The labels of a comma-separated list. */
export function labelList(text: string): string[] {
  return text
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
