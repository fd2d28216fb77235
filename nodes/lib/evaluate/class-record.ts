import { type ClassResult, MAX_NAME_LENGTH } from "../frame/index.js";
import { ClassConfusion } from "./class-confusion.js";
import { curvesOf } from "./curves.js";
import type { EvaluatedResult } from "./evaluated.js";
import { Newest } from "./newest.js";
import type { ClassEvaluationReport } from "./report.js";
import type { SavedClasses } from "./saved-evaluation.js";

export interface ClassRecordSettings {
  /** Results kept: for the curves. */
  keep: number;
  /** The class whose curves are wanted. */
  positive?: string;
}

/** A classified moment. */
export interface ClassMoment {
  time: number;
  stream: string;
  label?: string;
  /** Missing when it was not scored. */
  predicted?: string;
  confidence?: number;
}

export interface KeptClass extends ClassMoment {
  /** By the class's number in the confusion; a class without a score is a hole. */
  scores: (number | null | undefined)[];
}

/** Classes with their truth, in bounded memory: the matrix is exact for all that came, the curves are of the newest. */
export class ClassRecord {
  readonly confusion = new ClassConfusion();
  readonly #settings: ClassRecordSettings;
  readonly #kept: Newest<KeptClass>;

  constructor(settings: ClassRecordSettings) {
    this.#settings = settings;
    this.#kept = new Newest(settings.keep);
  }

  get forgotten(): number {
    return this.#kept.dropped;
  }

  /** Plain JSON. */
  save(): SavedClasses {
    return { ...this.confusion.save(), kept: this.#kept.toArray(), forgotten: this.forgotten };
  }

  restore({ labels, counts, kept, forgotten }: SavedClasses): void {
    this.confusion.restore({ labels, counts });
    for (const each of kept) this.#kept.push(each);
    this.#kept.dropped += forgotten;
  }

  /** @returns whether it has a label */
  add({ stream, time, label, result }: Omit<EvaluatedResult, "result"> & { result?: ClassResult }): boolean {
    const kept: KeptClass = { time, stream, scores: [] };
    if (label !== undefined) kept.label = label;
    if (result) {
      // What is kept for long is kept short.
      const predicted = result.label.slice(0, MAX_NAME_LENGTH);
      kept.predicted = predicted;
      kept.confidence = result.confidence;
      if (label !== undefined) this.confusion.add(predicted, label);
      for (const { label: name, score } of result.scores) {
        const index = this.confusion.indexOf(name.slice(0, MAX_NAME_LENGTH));
        if (index !== undefined) kept.scores[index] = score;
      }
    }
    this.#kept.push(kept);
    return label !== undefined;
  }

  /** What is kept, in the order in which it came. */
  moments(): ClassMoment[] {
    return this.#kept.toArray();
  }

  report(): Omit<ClassEvaluationReport, "counts" | "from" | "to" | "text"> {
    const report = this.confusion.report;
    const oneVersusRest: ClassEvaluationReport["oneVersusRest"] = [];
    for (const { label } of report.classes) {
      const { auc } = this.#curves(label) ?? {};
      if (auc) oneVersusRest.push({ label, auc });
    }
    const result: ReturnType<ClassRecord["report"]> = { task: "class", ...report, oneVersusRest };
    const { positive } = this.#settings;
    const curves = positive === undefined ? undefined : this.#curves(positive);
    if (positive !== undefined && curves) result.positive = { label: positive, ...curves };
    return result;
  }

  /** Of a class against all others; undefined when some results do not tell its score. */
  #curves(label: string) {
    const index = this.confusion.indexOf(label);
    if (index === undefined) return undefined;
    const scores: number[] = [];
    const truth: boolean[] = [];
    for (const kept of this.#kept.toArray()) {
      if (kept.predicted === undefined || kept.label === undefined) continue;
      const score = kept.scores[index];
      if (score === undefined || score === null) return undefined;
      scores.push(score);
      truth.push(kept.label === label);
    }
    return curvesOf(scores, truth);
  }
}
