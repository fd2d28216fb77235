import type { Alert, Contribution, Severity } from "../frame/index.js";

/**
 * Why an alert message is sent. "raised" and "cleared" belong to every alert; "escalated" and "reminder" repeat its
 * "raised". "uncertain" stands alone: what came near its threshold, told when it is over.
 */
export type AlertEventName = "raised" | "escalated" | "reminder" | "cleared" | "uncertain";

export interface AlertEvent {
  event: AlertEventName;
  alert: Alert;
  /** Somebody had acknowledged it. */
  acknowledged: boolean;
  /** It counts, and nobody is told. */
  silent?: boolean;
  /** What drove it: mean shares over the results that built it up. */
  contributions?: Contribution[];
}

/** An alert that is raised now; plain JSON, kept over restarts. */
export interface RaisedAlert {
  id: string;
  severity: Severity;
  since: number;
  label?: string;
  acknowledged: boolean;
  /** Stream time of the last message about it. */
  told: number;
}

/** Makes the identity of a new alert: never the same twice. */
export type NewId = (kind: "condition" | "data", stream: string, since: number) => string;

/** Whether a reminder is due. */
export function remindDue(alert: RaisedAlert, every: number, time: number): boolean {
  return every > 0 && !alert.acknowledged && time - alert.told >= every;
}
