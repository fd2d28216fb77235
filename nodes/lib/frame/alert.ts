export type Severity = "info" | "warning" | "critical";

/** A state change that a person should hear of. */
export interface Alert {
  /** The same for the raising and the clearing of one alert. */
  id: string;
  state: "raised" | "cleared";
  severity: Severity;
  stream: string;
  label?: string;
  score?: number;
  threshold?: number;
  /** ms since 1970: when the condition began. */
  since: number;
  /** ms since 1970: when it ended. */
  until?: number;
  /** False of what came near its threshold and not further: already over, told once. */
  certain?: boolean;
  /** One sentence for a person. */
  text: string;
}
