/** Whether the numbers of a frame can be trusted. A frame that is not ok is never scored and never learned from. */
export interface Quality {
  ok: boolean;
  /** What is wrong, each `<code>` or `<code>: <channel>`; bounded in number. */
  reasons: string[];
  /** Values that did not come, or came as something that is not a finite number, and are NaN in the frame. */
  missing: number;
  /** Values put in by the gap policy. */
  filled: number;
}

/** Why a value or a frame is bad. */
export type QualityCode =
  /** The channel did not come. */
  | "missing"
  /** Text, NaN, Infinity or an error cell came instead of a number. */
  | "not-a-number"
  | "out-of-range"
  /** The channel repeats the same value. */
  | "stuck"
  /** More time passed between two readings than the gap limit. */
  | "gap"
  /** The reading's time lies before the one before it. */
  | "time-backwards"
  /** The samples come faster or slower than their rate says. */
  | "rate";

export const MAX_REASONS = 16;

export const GOOD: Readonly<Quality> = Object.freeze({ ok: true, reasons: [], missing: 0, filled: 0 });

export function reason(code: QualityCode, channel?: string): string {
  return channel === undefined ? code : `${code}: ${channel}`;
}

/** Adds a reason once, and never more than MAX_REASONS of them. */
export function addReason(reasons: string[], entry: string): void {
  if (reasons.length < MAX_REASONS && !reasons.includes(entry)) reasons.push(entry);
}
