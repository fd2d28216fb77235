import { EdgeMlError } from "../../errors/index.js";
import type { Frame } from "../../frame/index.js";
import { placeOf } from "../../recipe/index.js";
import type { FrameBatch } from "../training/request.js";
import { FrameSet } from "./frame-set.js";
import { Journal } from "./journal.js";
import type { JournalHeader } from "./journal-format.js";
import { commonOf, frameDifference } from "./same-frames.js";

/** The most frames that are kept … */
export const MAX_FRAMES = 20_000;
/** … and the most numbers in them: 32 MiB. */
const MAX_VALUES = 8 * 1024 * 1024;
/** Numbers in one frame; no learner takes more. */
const MAX_FEATURES = 4096;
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
  onError: (error: EdgeMlError) => void;
}

/** Frames that are all alike, in memory and in a journal on disk. */
export class Collection {
  readonly #keep: Keep;
  readonly #journal: Journal;
  #common: JournalHeader | undefined;
  #frames: FrameSet | undefined;
  #loading: Promise<void> | undefined;

  constructor({ base, keep, onError }: CollectionOptions) {
    this.#keep = keep;
    const { latest, consecutive, balanced = false } = keep;
    const rolls = latest !== undefined || consecutive;
    this.#journal = new Journal({
      base,
      onError,
      ...(rolls ? { framesPerFile: MAX_FRAMES, checkpoints: balanced } : {}),
    });
  }

  get count(): number {
    return this.#frames?.count ?? 0;
  }

  /** The frames of each label, in the order in which the labels came; only of a balanced collection. */
  get counts(): { label: string; count: number }[] {
    return this.#frames?.counts ?? [];
  }

  /** The most frames that it will hold. */
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
    this.#frames ??= this.#newSet(data.length);
    const { start, end, stream } = info;
    if (this.#keep.balanced && this.#journal.full) this.#journal.restart(this.#frames.batch());
    const ordinal = this.#frames.add(data, start, end, stream, label);
    if (ordinal !== undefined) this.#journal.append({ data, start, end, ordinal }, stream, label);
  }

  /** A copy of the frames; of those within this many ms of the latest. There must be some. */
  batch(within = Number.POSITIVE_INFINITY): FrameBatch {
    return this.#frames!.batch(this.#frames!.last - within);
  }

  /** Lets the memory go; the journal keeps the frames until they are loaded again. */
  release(): void {
    this.#frames = undefined;
    this.#common = undefined;
    this.#loading = undefined;
  }

  /** Forgets everything, on disk too. */
  async clear(): Promise<void> {
    this.#frames = undefined;
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
        this.#frames ??= this.#newSet(data.length);
        if (data.length === this.#frames.columns) this.#frames.add(data, start, end, stream, label, ordinal);
      },
      () => {
        this.#frames = undefined;
      },
    );
  }

  #newSet(columns: number): FrameSet {
    const { latest, balanced, each, consecutive } = this.#keep;
    const room = Math.max(MIN_FRAMES, Math.min(MAX_FRAMES, Math.floor(MAX_VALUES / columns)));
    return new FrameSet({
      columns,
      limit: Math.min(room, latest ?? room),
      whenFull: latest !== undefined || consecutive ? "latest" : "thin",
      ...(balanced ? { balanced } : {}),
      ...(each !== undefined && latest !== undefined ? { limitEach: each } : {}),
    });
  }
}
