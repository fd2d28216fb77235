import type { FrameInfo } from "../../frame/index.js";
import type { LearnTask } from "../learners/index.js";
import type { ValueSource } from "../training/request.js";

/** Which frames count as normal. */
export interface NormalRule {
  /** Labels of normal frames, compared without regard to case. None: what other labels mean is not known. */
  labels: readonly string[];
  /** Whether a frame without a label is normal. */
  unlabelled: boolean;
}

/** What the task asks of a frame's label. */
export interface LabelRule {
  task: LearnTask;
  /** Of an anomaly model. */
  normal: NormalRule;
  /** Of a class model: the labels that count; none: all. */
  classes: readonly string[];
  /** Of a value model. */
  value?: ValueSource;
}

/** Why a frame is not learned from: its quality, or its label; undefined when it is. */
export type Unfit = "bad" | "label";

/** How a frame is taken. */
export interface Fitting {
  /** As it is learned. */
  label?: string;
  /** It is known not to be normal: it tests the model, which does not learn from it. */
  abnormal?: true;
}

/** Classes, and kinds of faults, that are told apart; no machine of this size has more. */
export const MAX_CLASSES = 100;

/** A longer label is no name that somebody gave. */
const MAX_LABEL = 128;

/** What edge-infer says when it does not know: not something to learn. */
const UNCERTAIN = "uncertain";

/** Whether a frame can be learned from as far as its numbers go. */
export function isGood({ data, info }: { data: Float32Array; info: FrameInfo }): boolean {
  // The quality may say ok of numbers that a Function node made.
  return info.quality.ok && data.every(Number.isFinite);
}

/**
 * Says whether a label fits the task.
 * @returns how the frame is taken, or "unfit"
 */
export function fittingLabels(rule: LabelRule): (label: string | undefined) => Fitting | "unfit" {
  if (rule.task === "class") return fittingClasses(rule.classes);
  if (rule.task === "value") return rule.value?.from === "feature" ? () => ({}) : fittingValues;
  return fittingNormal(rule);
}

/** Says whether a label is that of a fault, by the rule alone: also of frames that were collected before. */
export function abnormalLabels({ task, normal }: LabelRule): (label: string | undefined) => boolean {
  const known = lowerCased(normal);
  if (task !== "anomaly" || known.size === 0) return () => false;
  return (label) => {
    const trimmed = label?.trim() ?? "";
    if (trimmed === "" || trimmed.length > MAX_LABEL || trimmed === UNCERTAIN) return false;
    return !known.has(trimmed.toLowerCase());
  };
}

function fittingNormal(rule: LabelRule): ReturnType<typeof fittingLabels> {
  const normal = lowerCased(rule.normal);
  const isAbnormal = abnormalLabels(rule);
  const seen = new Set<string>();
  return (label) => {
    const trimmed = label?.trim() ?? "";
    if (trimmed === "") return rule.normal.unlabelled ? {} : "unfit";
    if (normal.has(trimmed.toLowerCase())) return { label: trimmed };
    if (!isAbnormal(trimmed) || (!seen.has(trimmed) && seen.size >= MAX_CLASSES)) return "unfit";
    seen.add(trimmed);
    return { label: trimmed, abnormal: true };
  };
}

function lowerCased({ labels }: NormalRule): Set<string> {
  return new Set(labels.map((label) => label.trim().toLowerCase()).filter((label) => label !== ""));
}

function fittingClasses(classes: readonly string[]): ReturnType<typeof fittingLabels> {
  const wanted = new Set(classes);
  const seen = new Set<string>();
  return (label) => {
    const trimmed = label?.trim() ?? "";
    if (trimmed === "" || trimmed.length > MAX_LABEL || trimmed === UNCERTAIN) return "unfit";
    if (wanted.size > 0) return wanted.has(trimmed) ? { label: trimmed } : "unfit";
    if (!seen.has(trimmed) && seen.size >= MAX_CLASSES) return "unfit";
    seen.add(trimmed);
    return { label: trimmed };
  };
}

const fittingValues: ReturnType<typeof fittingLabels> = (label) => {
  const trimmed = label?.trim() ?? "";
  // "0x10" and "Infinity" are numbers to JavaScript, but none that a sensor's label means.
  const isNumber = trimmed.length <= MAX_LABEL && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed);
  return isNumber && Number.isFinite(Number(trimmed)) ? { label: trimmed } : "unfit";
};

/** The labels of a comma-separated list. */
export function labelList(text: string): string[] {
  return text
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label !== "");
}
