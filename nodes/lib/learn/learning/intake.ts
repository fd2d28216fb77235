import type { EdgeMlError } from "../../errors/index.js";
import type { Frame } from "../../frame/index.js";
import { Collection } from "../collect/collection.js";
import { abnormalLabels, fittingLabels, isGood } from "../collect/fitting.js";
import { Recording, type SavedRecording } from "../collect/recording.js";
import type { Found } from "./enough.js";
import type { LabelCommand } from "./learn-command.js";
import { keepOf, type LearningSettings } from "./learning-settings.js";

export interface IntakeOptions {
  settings: LearningSettings;
  /** Files are called `<base>.<number>.frames`. */
  base: string;
  onError: (error: EdgeMlError) => void;
  /** A label that was being given has ended by itself. */
  onRecorded: (recording: SavedRecording) => void;
}

/** What comes in: frames that are good and have a fitting label, their own or one that is being given, are collected. */
export class Intake {
  readonly #model: string;
  readonly #fitting: ReturnType<typeof fittingLabels>;
  readonly collection: Collection;
  readonly recording: Recording;
  /** Frames not learned from, by the reason. */
  readonly skipped = { bad: 0, label: 0 };
  /** Frames to learn from since the last attempt to train. */
  fresh = 0;

  constructor({ settings, base, onError, onRecorded }: IntakeOptions) {
    this.#model = settings.model;
    this.#fitting = fittingLabels(settings);
    this.collection = new Collection({
      base,
      keep: keepOf(settings),
      ...(settings.task === "anomaly" ? { isApart: abnormalLabels(settings) } : {}),
      onError,
    });
    this.recording = new Recording(onRecorded);
  }

  /**
   * Takes a frame, if it is collecting and the frame is good and has a fitting label.
   * @returns undefined when it is not collecting; apart: it tests the model, and is not learned from
   * @throws EdgeMlError EDGE_ML_RECIPE_MISMATCH when it is not like the frames before it; EDGE_ML_TOO_LARGE
   */
  take(frame: Frame, isCollecting: boolean): "taken" | "apart" | "skipped" | undefined {
    const label = this.recording.labelOf(frame.info);
    if (!isCollecting) return undefined;
    const fitting = isGood(frame) ? this.#fitting(label) : "bad";
    if (typeof fitting === "string") {
      this.skipped[fitting === "bad" ? "bad" : "label"]++;
      return "skipped";
    }
    this.collection.add(frame, fitting.label, this.#model);
    if (!fitting.abnormal) this.fresh++;
    if (label !== undefined && label === this.recording.current?.label) this.recording.taken();
    return fitting.abnormal ? "apart" : "taken";
  }

  /** What there is to learn from. */
  get found(): Pick<Found, "collected" | "limit" | "span" | "counts" | "fresh" | "recording"> {
    const { count, limit, span, counts } = this.collection;
    return { collected: count, limit, span, counts, fresh: this.fresh, recording: this.recording.current };
  }

  /**
   * Frames that come from now on get a label.
   * @param before what the learning did. One label after the other: what was before the first of them counts
   */
  label({ label, seconds, frames }: LabelCommand & { label: string }, before: SavedRecording["before"]): void {
    const first = this.recording.current?.before ?? before;
    this.recording.begin({
      label,
      ...(seconds === undefined ? {} : { until: Date.now() + seconds * 1000 }),
      ...(frames === undefined ? {} : { frames }),
      ...(first === undefined ? {} : { before: first }),
    });
  }

  async forget(): Promise<void> {
    this.fresh = 0;
    this.skipped.bad = 0;
    this.skipped.label = 0;
    await this.collection.clear();
  }
}
