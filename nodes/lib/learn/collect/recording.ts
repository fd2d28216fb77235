import { type FrameInfo, StreamTable } from "../../frame/index.js";

/** A label that is being given to the frames that come, as it is saved. */
export interface SavedRecording {
  label: string;
  /** ms since 1970: frames that come later do not get it. */
  until?: number;
  /** Frames that still get it. */
  frames?: number;
  /** What the learning did before, if it did not collect: it goes back to it. */
  before?: "idle" | "learned";
}

/** The longest that a timer can wait; longer waits are taken in parts. */
export const LONGEST_WAIT = 2 ** 31 - 1;

/** What is known of a stream. */
interface StreamTime {
  /** Of the latest frame, in ms since 1970; and how long it was. */
  end: number;
  length: number;
  /** When it came. */
  arrived: number;
  /** Frames that begin later lie behind the beginning of the label. */
  since: number;
}

/**
 * Gives frames that come now a label: a person presses a button and makes a gesture. A window that began before the
 * button was pressed holds something else, too, and does not get it. How late it was then is told by the stream's own
 * time, which need not be that of the clock: the end of its latest frame, and what has passed since, but no more than the
 * length of a frame, since the stream may have stood still.
 */
export class Recording {
  readonly #ended: (recording: SavedRecording) => void;
  #current: SavedRecording | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #streams = new StreamTable<StreamTime>();

  /** @param ended it ended by itself */
  constructor(ended: (recording: SavedRecording) => void) {
    this.#ended = ended;
  }

  get current(): Readonly<SavedRecording> | undefined {
    return this.#current;
  }

  begin(recording: SavedRecording): void {
    this.#current = { ...recording };
    const now = Date.now();
    for (const [, state] of this.#streams.entries()) {
      state.since = state.end + Math.min(state.length, Math.max(0, now - state.arrived));
    }
    this.#wait();
  }

  /** @returns what was being given */
  end(): SavedRecording | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ended = this.#current;
    this.#current = undefined;
    return ended;
  }

  /** The label of a frame: the one that is being given, else its own. Called once for each frame. */
  labelOf({ stream, start, end, label }: FrameInfo): string | undefined {
    const state = this.#streams.get(stream, newStream);
    // Time was set back, or a file is played again.
    if (end < state.end) state.since = Number.NEGATIVE_INFINITY;
    state.end = end;
    state.length = Math.max(0, end - start);
    state.arrived = Date.now();
    return this.#current !== undefined && start > state.since ? this.#current.label : label;
  }

  /** A frame with the label was taken. */
  taken(): void {
    if (this.#current?.frames === undefined) return;
    this.#current.frames--;
    if (this.#current.frames <= 0) this.#ended(this.end()!);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const until = this.#current?.until;
    if (until === undefined) return;
    const left = until - Date.now();
    this.#timer = setTimeout(
      () => {
        if (Date.now() < until) this.#wait();
        else this.#ended(this.end()!);
      },
      Math.max(0, Math.min(left, LONGEST_WAIT)),
    ).unref();
  }
}

function newStream(): StreamTime {
  return { end: Number.NEGATIVE_INFINITY, length: 0, arrived: 0, since: Number.NEGATIVE_INFINITY };
}
