import { EdgeMlError } from "../../errors/index.js";
import { addReason, type Frame, type FrameInfo, MAX_FRAME_LENGTH, reason } from "../../frame/index.js";
import type { Recipe } from "../../recipe/index.js";
import type { WindowCounts } from "./counts.js";
import { LabelTally } from "./label-tally.js";
import { recipeOf, type WindowPlan } from "./options.js";
import type { Row } from "./row.js";
import { RowRing } from "./row-ring.js";
import type { SoundGate } from "./sound-gate.js";

export type Emit = (frame: Frame) => void;

/** Collects the rows of a stream's window, and makes frames of them: what all ways of cutting share. */
export class FrameMaker {
  readonly channels: readonly string[];
  readonly ring: RowRing;
  /** Where frames go; set by each push. */
  emit: Emit = () => undefined;
  /** The timestamps of chunks do not fit their rate: no frame is good. */
  rateIsWrong = false;
  /** While it is closed, good windows are held back; those that are not say that something is wrong. */
  gate: SoundGate | undefined;
  readonly #stream: string;
  readonly #plan: WindowPlan;
  readonly #counts: WindowCounts;
  readonly #labels: LabelTally | undefined;
  /** Of the newest row. */
  #label: string | undefined;
  #rate: number | undefined;
  #recipe: Recipe;
  #seq = 0;
  /** The number of the next row in its stream. */
  #position: number;
  /** The number of the first row since the last interruption. */
  #begin: number;

  /**
   * @param position the number of the stream's first row
   * @throws EdgeMlError EDGE_ML_TOO_LARGE
   */
  constructor(
    stream: string,
    plan: WindowPlan,
    channels: readonly string[],
    counts: WindowCounts,
    rate: number | undefined,
    position: number,
  ) {
    const longest = Math.floor(MAX_FRAME_LENGTH / channels.length);
    if (plan.by === "samples" && plan.size > longest) throw tooLarge(`${plan.size} samples`, channels.length, longest);
    this.channels = channels;
    this.ring = new RowRing(channels.length, plan.by === "samples" ? plan.size : longest);
    this.#stream = stream;
    this.#plan = plan;
    this.#counts = counts;
    this.#labels = plan.label.by === "end" ? undefined : new LabelTally();
    this.#rate = rate;
    this.#recipe = recipeOf(plan, channels, rate);
    this.#position = position;
    this.#begin = position;
  }

  /** Bytes held for samples. */
  get bytes(): number {
    return this.ring.bytes + (this.#labels?.bytes ?? 0);
  }

  /** The number that the next row would have after an interruption. */
  get nextPosition(): number {
    return this.#position === this.#begin ? this.#begin : this.#position + this.#jump;
  }

  /** Hz: of the rows from now on. */
  set rate(rate: number | undefined) {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#recipe = recipeOf(this.#plan, this.channels, rate);
  }

  /** @throws EdgeMlError EDGE_ML_TOO_LARGE when the window has become too long; nothing is left of it */
  push(row: Row): void {
    const { ring } = this;
    if (ring.length === ring.limit) {
      this.clear();
      throw tooLarge(`more than ${ring.limit} samples`, ring.columns, ring.limit);
    }
    ring.push(row);
    this.#position++;
    this.#label = row.label;
    this.#labels?.add(row.label);
  }

  /** A row that is part of no window. */
  skip(): void {
    this.#position++;
  }

  /** Drops the oldest rows until so many are left. */
  keep(length: number): void {
    while (this.ring.length > length) this.ring.shift();
    this.#labels?.keep(this.ring.length);
  }

  /** Drops the rows older than a time. */
  dropBefore(time: number): void {
    this.ring.dropBefore(time);
    this.#labels?.keep(this.ring.length);
  }

  /** Drops all rows: no window spans what happened, and no two windows on its two sides seem to overlap or to adjoin. */
  clear(): void {
    this.#position = this.nextPosition;
    this.#begin = this.#position;
    if (this.ring.length === 0) return;
    this.ring.clear();
    this.#labels?.keep(0);
  }

  /** Hands over all rows as a frame, unless there is no sound, and keeps them. */
  send(): void {
    const { ring, channels } = this;
    const quality = ring.quality(channels);
    if (this.rateIsWrong) {
      quality.ok = false;
      addReason(quality.reasons, reason("rate"));
    }
    if (quality.ok && this.gate?.isOpen === false) {
      this.#counts.quiet++;
      return;
    }
    const info: FrameInfo = {
      kind: "window",
      shape: [ring.length, channels.length],
      names: channels as string[],
      stream: this.#stream,
      seq: this.#seq++,
      start: ring.firstTime,
      end: ring.lastTime,
      position: this.#position - ring.length,
      quality,
      recipe: this.#recipe,
    };
    if (this.#rate !== undefined) info.rate = this.#rate;
    const label = this.#labels === undefined ? this.#label : this.#labels.label(this.#plan.label);
    if (label !== undefined) info.label = label;
    this.#counts.frames++;
    if (!quality.ok) this.#counts.bad++;
    this.emit({ data: ring.copy(), info });
  }

  /** A window's length in rows, or what is known of it. */
  get #jump(): number {
    return this.#plan.by === "samples" ? this.#plan.size : this.ring.capacity;
  }
}

function tooLarge(got: string, columns: number, longest: number): EdgeMlError {
  return new EdgeMlError("EDGE_ML_TOO_LARGE", {
    field: "the window",
    got: `${got} of ${columns} channels`,
    expected: `${longest} samples`,
  });
}
