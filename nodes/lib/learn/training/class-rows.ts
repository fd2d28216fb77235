import type { FrameBatch } from "./request.js";

/** Rows that have a class, and which. */
export interface ClassRows {
  /** In the order in which they came. */
  rows: number[];
  /** Index into `labels` of each of `rows`. */
  classes: Int32Array;
  /** Sorted. */
  labels: string[];
  /** Frames of each label. */
  counts: number[];
  /** Labels that have too few frames, and how many. */
  leftOut: { label: string; frames: number }[];
}

/** What a label says that is no class: edge-infer's own word for it, and what people write while they label. */
const NO_CLASS = new Set(["", "uncertain", "unlabelled", "unlabeled", "?"]);

/**
 * Frames by their label. Those without one, or whose label says that nobody knows, are not learned from; a label with
 * fewer frames than `least` is left out.
 */
export function classRows({ label, labels }: FrameBatch, least: number): ClassRows {
  const counts = new Map<string, number>();
  const nameOf = (row: number) => (label[row]! < 0 ? "" : labels[label[row]!]!.trim());
  for (let row = 0; row < label.length; row++) {
    const name = nameOf(row);
    if (!NO_CLASS.has(name.toLowerCase())) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kept = [...counts.keys()].filter((name) => counts.get(name)! >= least).sort();
  const index = new Map(kept.map((name, i) => [name, i]));
  const rows = Array.from(label.keys()).filter((row) => index.has(nameOf(row)));
  return {
    rows,
    classes: Int32Array.from(rows, (row) => index.get(nameOf(row))!),
    labels: kept,
    counts: kept.map((name) => counts.get(name)!),
    leftOut: [...counts].filter(([name]) => !index.has(name)).map(([name, frames]) => ({ label: name, frames })),
  };
}
