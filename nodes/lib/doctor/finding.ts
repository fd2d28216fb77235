/** What a check says of the machine. */
export interface Finding {
  subject: Subject;
  /** note: as it is, and nothing is wrong with it. warning: something will be slow or missing. problem: something fails. */
  level: "good" | "note" | "warning" | "problem";
  /** One sentence. */
  text: string;
  /** What mends it: a command, or what to do. */
  remedy?: string;
}

export type Subject =
  | "machine"
  | "Node.js"
  | "Node-RED"
  | "inference"
  | "features"
  | "serial"
  | "microphone"
  | "memory"
  | "disk";
