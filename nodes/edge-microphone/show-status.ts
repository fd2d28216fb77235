import type { Status } from "../glue/index.js";
import type { CaptureCounts, CaptureState, SoundLevel } from "../lib/capture/index.js";
import type { ErrorCode } from "../lib/errors/index.js";

type Text = (key: string, values?: Record<string, string | number>) => string;

/** s of one and the same number after which nobody calls it a pause. */
const SILENT = 10;
/** A few clipped samples are a slammed door. */
const CLIPPING = 0.001;
/** Share of full scale. */
const OFFSET = 0.05;
/** dBFS below which a microphone is muted, far away, or has its gain at the bottom. */
const QUIET = -80;

/** dBFS from the lowest bar to the highest. */
const LOWEST = -80;
const BARS = "▁▂▃▄▅▆▇█";
const SHOWN_BARS = 3;

/** Says in a node's status what its microphone does. */
export class MicrophoneStatus {
  readonly #status: Status;
  readonly #text: Text;
  #bars = "";

  constructor(status: Status, text: Text) {
    this.#status = status;
    this.#text = text;
  }

  show(state: CaptureState, level: SoundLevel | undefined, counts: CaptureCounts): void {
    const text = this.#text;
    switch (state.kind) {
      case "stopped":
        this.#bars = "";
        this.#status.busy(text("status.stopped"));
        break;
      case "starting":
        this.#status.busy(text("status.starting"));
        break;
      case "waiting":
        this.#bars = "";
        this.#status.error(
          text("status.again", { what: text(`fault.${faultName(state.fault.code)}`), count: state.attempt }),
        );
        break;
      case "listening":
        this.#showLevel(level, counts);
    }
  }

  #showLevel(level: SoundLevel | undefined, counts: CaptureCounts): void {
    const text = this.#text;
    if (level === undefined) {
      this.#status.ok(text("status.listening"));
      return;
    }
    this.#bars = (this.#bars + barOf(level.rms)).slice(-SHOWN_BARS);
    const trouble = this.#trouble(level);
    const parts = [trouble ?? text("status.listening"), `${decibels(level.rms)} · ${this.#bars}`];
    if (counts.dropped > 0) parts.push(text("status.dropped", { count: counts.dropped }));
    if (counts.bad > 0) parts.push(text("status.bad", { count: counts.bad }));
    if (counts.lost > 0) parts.push(text("status.lost", { seconds: (counts.lost / 1000).toPrecision(2) }));
    const line = parts.join(" · ");
    if (trouble === undefined && counts.dropped + counts.bad + counts.lost === 0) this.#status.ok(line);
    else this.#status.warn(line);
  }

  #trouble({ rms, offset, clipped, silentFor }: SoundLevel): string | undefined {
    const text = this.#text;
    if (silentFor >= SILENT) return text("status.silent", { seconds: Math.floor(silentFor) });
    if (clipped >= CLIPPING) return text("status.clipping");
    if (Math.abs(offset) >= OFFSET) return text("status.offset", { percent: Math.round(100 * Math.abs(offset)) });
    return rms < QUIET && silentFor === 0 ? text("status.quiet") : undefined;
  }
}

/** "−32 dB" */
function decibels(value: number): string {
  return Number.isFinite(value) ? `${Math.round(value)} dB`.replace("-", "−") : "−∞ dB";
}

function barOf(rms: number): string {
  const step = Math.floor((BARS.length * (rms - LOWEST)) / -LOWEST);
  return BARS[Math.max(0, Math.min(BARS.length - 1, Number.isNaN(step) ? 0 : step))]!;
}

/** EDGE_ML_CAPTURE_BUSY → "busy"; others have no short name. */
function faultName(code: ErrorCode): string {
  const name = code.replace("EDGE_ML_CAPTURE_", "").toLowerCase();
  return name.startsWith("edge_ml") ? "ended" : name;
}
