import { EdgeMlError } from "../errors/index.js";
import { MAX_NAME_LENGTH, toNumber, type ValueResult } from "../frame/index.js";
import type { EvaluatedResult } from "./evaluated.js";
import { Newest } from "./newest.js";
import { RunningRegression } from "./regression.js";
import type { ValueReport } from "./report.js";
import type { SavedValues } from "./saved-evaluation.js";

export interface ValueRecordSettings {
  /** Results kept: for the picture. */
  keep: number;
  /** The value that is held against the label; the first one when empty. */
  value: string;
}

/** A predicted moment. */
export interface ValueMoment {
  time: number;
  stream: string;
  label?: string;
  /** Missing when it was not scored. */
  predicted?: number;
  truth?: number;
}

/** Predicted values with the true ones, in bounded memory: the metrics are exact for all that came. */
export class ValueRecord {
  readonly regression = new RunningRegression();
  readonly #settings: ValueRecordSettings;
  readonly #kept: Newest<ValueMoment>;
  #name: string | undefined;

  constructor(settings: ValueRecordSettings) {
    this.#settings = settings;
    this.#kept = new Newest(settings.keep);
  }

  get forgotten(): number {
    return this.#kept.dropped;
  }

  /** Plain JSON. */
  save(): SavedValues {
    const saved: SavedValues = {
      regression: this.regression.save(),
      kept: this.#kept.toArray(),
      forgotten: this.forgotten,
    };
    if (this.#name !== undefined) saved.name = this.#name;
    return saved;
  }

  restore({ name, regression, kept, forgotten }: SavedValues): void {
    this.#name = name;
    this.regression.restore(regression);
    for (const moment of kept) this.#kept.push(moment);
    this.#kept.dropped += forgotten;
  }

  /**
   * @returns whether it has a label that is a number
   * @throws EdgeMlError EDGE_ML_PAYLOAD when the result has no such value
   */
  add({ stream, time, label, result }: Omit<EvaluatedResult, "result"> & { result?: ValueResult }): boolean {
    const moment: ValueMoment = { time, stream };
    const truth = label === undefined ? Number.NaN : toNumber(label);
    if (label !== undefined) moment.label = label;
    if (!Number.isNaN(truth)) moment.truth = truth;
    if (result) {
      moment.predicted = this.#valueOf(result);
      if (moment.truth !== undefined) this.regression.add(moment.predicted, moment.truth);
    }
    this.#kept.push(moment);
    return moment.truth !== undefined;
  }

  /** What is kept, in the order in which it came. */
  moments(): ValueMoment[] {
    return this.#kept.toArray();
  }

  report(): Omit<ValueReport, "counts" | "from" | "to" | "text"> {
    const report: ReturnType<ValueRecord["report"]> = { task: "value" };
    const { metrics } = this.regression;
    if (this.#name !== undefined) report.name = this.#name;
    if (metrics) report.metrics = metrics;
    return report;
  }

  #valueOf({ values }: ValueResult): number {
    const wanted = this.#settings.value;
    const found = wanted === "" ? values[0] : values.find(({ name }) => name === wanted);
    if (found) {
      this.#name = found.name.slice(0, MAX_NAME_LENGTH);
      return found.value;
    }
    const names = values.slice(0, 8).map(({ name }) => name.slice(0, 64));
    throw new EdgeMlError("EDGE_ML_PAYLOAD", {
      field: "msg.payload.values",
      got: names.join(", ") || "empty",
      expected: wanted === "" ? "a list of at least one value" : `with a value named "${wanted}"`,
    });
  }
}
