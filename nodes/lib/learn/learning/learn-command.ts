import { describe, EdgeMlError } from "../../errors/index.js";

const COMMANDS = ["start", "stop", "train", "reset"] as const;

/** Frames that come now get a label: until it ends, for so many seconds, or for so many frames. */
export interface LabelCommand {
  /** null ends it. */
  label: string | null;
  seconds?: number;
  frames?: number;
}

export type LearningCommand = (typeof COMMANDS)[number] | LabelCommand;

const MAX_LABEL = 128;
/** A day. */
const MAX_SECONDS = 86_400;
const MAX_FRAMES = 1_000_000;

/**
 * The command in a message's `learn`.
 * @throws EdgeMlError EDGE_ML_COMMAND naming the field
 */
export function readLearnCommand(value: unknown): LearningCommand {
  const command = COMMANDS.find((each) => each === value);
  if (command !== undefined) return command;
  try {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, "label")) {
      return labelCommand(value as Record<string, unknown>);
    }
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_COMMAND", "msg.learn");
  }
  throw wrong("", value, `one of ${COMMANDS.join(", ")}, or {label: "a name"}`);
}

function labelCommand(value: Record<string, unknown>): LabelCommand {
  const { label } = value;
  if (label === null) return { label: null };
  const text = typeof label === "number" && Number.isFinite(label) ? String(label) : label;
  if (typeof text !== "string" || text.trim() === "" || text.length > MAX_LABEL) {
    throw wrong(".label", label, `a text of at most ${MAX_LABEL} letters, a number, or null`);
  }
  const command: LabelCommand = { label: text.trim() };
  const seconds = limit(value, "seconds", MAX_SECONDS);
  const frames = limit(value, "frames", MAX_FRAMES);
  if (seconds !== undefined) command.seconds = seconds;
  if (frames !== undefined) command.frames = Math.ceil(frames);
  return command;
}

function limit(value: Record<string, unknown>, field: "seconds" | "frames", most: number): number | undefined {
  const given = Object.hasOwn(value, field) ? value[field] : undefined;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "number" && given > 0 && given <= most) return given;
  throw wrong(`.${field}`, given, `a number above 0, at most ${most}`);
}

function wrong(field: string, got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_COMMAND", { field: `msg.learn${field}`, got: describe(got), expected });
}
