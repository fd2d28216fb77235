import { EdgeMlError } from "../../errors/index.js";
import type { Frame } from "../../frame/index.js";
import { placeOf } from "../../recipe/index.js";
import type { FrameBatch } from "../training/request.js";
import { FrameSet } from "./frame-set.js";
import { joinedBatch } from "./joined-batch.js";
import { Journal } from "./journal.js";
import type { JournalHeader } from "./journal-format.js";
import { commonOf, frameDifference } from "./same-frames.js";

/** The most frames that are kept … */
export const MAX_FRAMES = 20_000;
/** … and the most numbers in them: 32 MiB. */
const MAX_VALUES = 8 * 1024 * 1024;
/** Numbers in one frame; no learner takes more. */
const MAX_FEATURES = 4096;
/** Frames that are kept apart: at most this share of the room for the others, but as many as a training takes at least. */
const APART = 0.1;
/** Fewer frames than this are never trained with. */
export const MIN_FRAMES = 20;

/** Which frames are kept when there are more than fit. */
export interface Keep {
  /** Keep the newest of this many frames; undefined: all that fit, then thinned out evenly. */
  latest?: number;
  /** The label with the most frames gives up first. */
  balanced?: boolean;
  /** The most frames of one label, of a balanced set of the latest. */
  each?: number;
  /** Frames of a stream must follow each other: instead of being thinned out, the oldest go. */
  consecutive?: boolean;
}

export interface CollectionOptions {
  /** Files are called `<base>.<number>.frames`. */
  base: string;
  keep: Keep;
  /** By their label, frames that are kept apart: they are not counted with the others, and never push one out. */
  isApart?: (label: string | undefined) => boolean;
  onError: (error: EdgeMlError) => void;
}

/** Frames that are all alike, in memory and in a journal on disk. */
export class Collection {
  readonly #keep: Keep;
  readonly #isApart: (label: string | undefined) => boolean;
  readonly #journal: Journal;
  /** The journal's next file begins with all frames: the oldest may lie further back than a file. */
  readonly #checkpoints: boolean;
  #common: JournalHeader | undefined;
  #frames: FrameSet | undefined;
  #apart: FrameSet | undefined;
  #loading: Promise<void> | undefined;

  constructor({ base, keep, isApart, onError }: CollectionOptions) {
    this.#keep = keep;
    this.#isApart = isApart ?? (() => false);
    const { latest, consecutive, balanced = false } = keep;
    const rolls = latest !== undefined || consecutive === true;
    this.#checkpoints = rolls && (balanced || isApart !== undefined);
    this.#journal = new Journal({
      base,
      onError,
      ...(rolls ? { framesPerFile: MAX_FRAMES, checkpoints: this.#checkpoints } : {}),
    });
  }

  get count(): number {
    return this.#frames?.count ?? 0;
  }

  /** The frames of each label, in the order in which the labels came; only of a balanced collection. */
  get counts(): { label: string; count: number }[] {
    return this.#frames?.counts ?? [];
  }

  /** The frames of each label that are kept apart, in the order in which the labels came. */
  get apart(): { label: string; count: number }[] {
    return this.#apart?.counts ?? [];
  }

  /** The most frames that it will hold, without those apart. */
  get limit(): number {
    return this.#frames?.limit ?? this.#keep.latest ?? MAX_FRAMES;
  }

  /** Frames that came but did not fit; of a collection of the latest, none. */
  get dropped(): number {
    return this.#keep.latest === undefined ? (this.#frames?.dropped ?? 0) : 0;
  }

  /** ms from the first sample to the last of all frames that came. */
  get span(): number {
    return this.#frames?.span ?? 0;
  }

  /** What all its frames have in common. */
  get common(): JournalHeader | undefined {
    return this.#common;
  }

  /** Reads the journal, once. */
  load(): Promise<void> {
    this.#loading ??= this.#read();
    return this.#loading;
  }

  /**
   * Copies a frame in.
   * @param model the name that an error gives
   * @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH when it is not like the frames before it; EDGE_ML_TOO_LARGE
   */
  add({ data, info }: Frame, label: string | undefined, model: string): void {
    if (data.length > MAX_FEATURES) {
      const got = `${data.length} numbers`;
      throw new EdgeMlError("EDGE_ML_TOO_LARGE", { field: "msg.payload", got, expected: MAX_FEATURES });
    }
    const common = this.#common ?? commonOf(info);
    const difference = frameDifference(info, common);
    if (difference)
      throw new EdgeMlError("EDGE_ML_RECIPE_MISMATCH", {
        name: model,
        ...difference,
        place: placeOf(difference.field),
      });
    if (this.#common === undefined) {
      this.#common = common;
      this.#journal.begin(common);
    }
    const frames = this.#setOf(label, data.length);
    const { start, end, stream } = info;
    if (this.#checkpoints && this.#journal.full) this.#journal.restart(this.#all());
    const ordinal = frames.add(data, start, end, stream, label);
    if (ordinal !== undefined) this.#journal.append({ data, start, end, ordinal }, stream, label);
  }

  /**
   * A copy of the frames; of those within this many ms of the latest. There must be some. Behind them are all those that
   * are kept apart.
   */
  batch(within = Number.POSITIVE_INFINITY): FrameBatch {
    const frames = this.#frames!.batch(this.#frames!.last - within);
    return this.#apart ? joinedBatch(frames, this.#apart.batch()) : frames;
  }

  /** Lets the memory go; the journal keeps the frames until they are loaded again. */
  release(): void {
    this.#frames = undefined;
    this.#apart = undefined;
    this.#common = undefined;
    this.#loading = undefined;
  }

  /** Forgets everything, on disk too. */
  async clear(): Promise<void> {
    this.#frames = undefined;
    this.#apart = undefined;
    this.#common = undefined;
    this.#loading = Promise.resolve();
    await this.#journal.clear();
  }

  flush(): Promise<void> {
    return this.#journal.flush();
  }

  async #read(): Promise<void> {
    await this.#journal.flush();
    this.#common = await this.#journal.load(
      ({ data, start, end, stream, label, ordinal }) => {
        const frames = this.#setOf(label, data.length);
        if (data.length === frames.columns) frames.add(data, start, end, stream, label, ordinal);
      },
      () => {
        this.#frames = undefined;
        this.#apart = undefined;
      },
    );
  }

  #all(): FrameBatch {
    if (this.#frames) return this.batch();
    return this.#apart!.batch();
  }

  #setOf(label: string | undefined, columns: number): FrameSet {
    if (this.#isApart(label)) {
      this.#apart ??= this.#newApart(columns);
      return this.#apart;
    }
    this.#frames ??= this.#newSet(columns);
    return this.#frames;
  }

  #newApart(columns: number): FrameSet {
    const limit = Math.max(MIN_FRAMES, Math.floor(APART * this.#roomFor(columns)));
    return new FrameSet({ columns, limit, whenFull: this.#whenFull, balanced: true });
  }

  get #whenFull(): "latest" | "thin" {
    const { latest, consecutive } = this.#keep;
    return latest !== undefined || consecutive ? "latest" : "thin";
  }

  #roomFor(columns: number): number {
    const room = Math.max(MIN_FRAMES, Math.min(MAX_FRAMES, Math.floor(MAX_VALUES / columns)));
    return Math.min(room, this.#keep.latest ?? room);
  }

  #newSet(columns: number): FrameSet {
    const { latest, balanced, each } = this.#keep;
    return new FrameSet({
      columns,
      limit: this.#roomFor(columns),
      whenFull: this.#whenFull,
      ...(balanced ? { balanced } : {}),
      ...(each !== undefined && latest !== undefined ? { limitEach: each } : {}),
    });
  }
}
