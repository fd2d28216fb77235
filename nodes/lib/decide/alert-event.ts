import type { Alert, Contribution, Severity } from "../frame/index.js";

/** Why an alert message is sent. The first and the last belong to every alert; the others repeat its "raised". */
export type AlertEventName = "raised" | "escalated" | "reminder" | "cleared";

export interface AlertEvent {
  event: AlertEventName;
  alert: Alert;
  /** Somebody had acknowledged it. */
  acknowledged: boolean;
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
