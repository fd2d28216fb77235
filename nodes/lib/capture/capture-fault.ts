import { EdgeMlError, type ErrorCode } from "../errors/index.js";
import { type CaptureSource, RECORDERS, type RecorderCommand } from "./recorder.js";
import type { RecorderEnd } from "./recorder-process.js";

/** What recorders say, and what it means; the first that fits counts. */
const MEANINGS: readonly [RegExp, ErrorCode][] = [
  [/resource busy|already in use/i, "EDGE_ML_CAPTURE_BUSY"],
  [/permission denied|access denied|operation not permitted/i, "EDGE_ML_CAPTURE_PERMISSION"],
  [
    /connection refused|host is down|connection terminated|context_connect|\(broken pipe\)|no pulseaudio daemon/i,
    "EDGE_ML_CAPTURE_SERVER",
  ],
  [
    /format non available|format not available|count non available|unable to install hw params|sample specification|invalid argument|no support for|not supported/i,
    "EDGE_ML_CAPTURE_FORMAT",
  ],
  [
    /no such (file|device|entity)|no soundcards|unknown pcm|entity killed|no target node|unlink|target not found|cannot (get card index|find card)|input\/output error|file descriptor in bad state|no such process/i,
    "EDGE_ML_CAPTURE_DEVICE",
  ],
];

/** A recorder that nobody stopped ended: why, as a coded error. */
export function captureFault(
  source: CaptureSource,
  { program }: RecorderCommand,
  device: string,
  { said, code, startError }: RecorderEnd,
): EdgeMlError {
  const named = device === "" ? "the system's default" : device;
  if (startError === "ENOENT") {
    const { package: name } = source === "command" ? { package: "that it comes with" } : RECORDERS[source];
    return new EdgeMlError("EDGE_ML_CAPTURE_TOOL", { program, package: name });
  }
  if (startError !== undefined) {
    return new EdgeMlError("EDGE_ML_CAPTURE_ENDED", { program, reason: `it could not be started (${startError})` });
  }
  const reason = lastWords(said);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
  if (meaning !== undefined) return new EdgeMlError(meaning, { device: named, reason, program });
  const how =
    code === undefined ? "a signal ended it" : code === 0 ? "it came to its end" : `it ended with code ${code}`;
  return new EdgeMlError("EDGE_ML_CAPTURE_ENDED", { program, reason: reason === "" ? how : `${how} (${reason})` });
}

const SHOWN = 120;

/** The last line with a meaning, without the program's own place in its source. */
function lastWords(said: string): string {
  const lines = said
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(Recording|Aborted by signal|Available formats|- )/.test(line));
  return (lines.at(-1) ?? "")
    .replace(/^\w+: \w+:\d+: /, "")
    .replace(/[.\s]+$/, "")
    .slice(0, SHOWN);
}
