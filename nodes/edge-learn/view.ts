import type { Learning, LearningPhase, LearningReport } from "../lib/learn/index.js";

/** What the admin route GET edge-ml/learning/<node> answers, for the dialog. */
export interface LearningView {
  /** Missing when the node is not deployed. */
  live?: LiveView;
  /** The model's newest version. */
  newest?: NewestView;
}

export interface NewestView {
  version: string;
  /** Missing when the dialog has it already, and when the version was not learned here. */
  report?: LearningReport;
  /** Why there is no report, as a sentence. */
  problem?: string;
}

/** What a learning does, and what there is. */
export interface LiveView {
  phase: LearningPhase;
  /** Of the running training, 0..1. */
  share: number;
  collected: number;
  counts: { label: string; count: number }[];
  progress: Learning["progress"];
  /** Frames not learned from, by the reason. */
  bad: number;
  label: number;
  dropped: number;
  /** Frames of faults, which test the model. */
  abnormal: number;
  /** ms since 1970 */
  next: number | null;
  recording: { label: string; until?: number; frames?: number } | null;
  /** What went wrong last, as a sentence. */
  problem: string | null;
}

export function liveView(learning: Learning): LiveView {
  const { phase, share, collected, counts, progress, skipped, dropped, abnormal, next, recording, problem } = learning;
  return {
    phase,
    share,
    collected,
    counts,
    progress,
    bad: skipped.bad,
    label: skipped.label,
    dropped,
    abnormal: abnormal.reduce((sum, { count }) => sum + count, 0),
    next: next ?? null,
    recording: recording ?? null,
    problem: problem?.message ?? null,
  };
}
