import type { Status } from "../glue/index.js";
import type { Evaluation } from "../lib/evaluate/index.js";

/** ms: an area under the curve takes the longer, the more is kept. */
const AUC_EVERY = 2000;

/** How good it is, in a few words under the node. */
export class EvaluationStatus {
  readonly #status: Status;
  #auc: number | undefined;
  #aucAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(status: Status) {
    this.#status = status;
  }

  show(evaluation: Evaluation): void {
    const { results, labelled } = evaluation.counts;
    if (results === 0) this.#status.busy("waiting for results");
    else if (labelled === 0)
      this.#status.warn(`${results}, ${evaluation.record?.task === "value" ? "no numbers as labels" : "no labels"}`);
    else this.#status.ok(this.#words(evaluation));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #words(evaluation: Evaluation): string {
    const { labelled } = evaluation.counts;
    const current = evaluation.record;
    switch (current?.task) {
      case "anomaly": {
        const auc = this.#aucOf(evaluation);
        const falseAlarms = current.record.falseAlarmsPerDay;
        const parts = [auc === undefined ? `${labelled} labelled` : `AUC ${auc.toFixed(2)}`];
        if (falseAlarms !== undefined) parts.push(`${short(falseAlarms)} false/day`);
        return parts.join(" · ");
      }
      case "class": {
        const { accuracy } = current.record.confusion.report;
        return `${(100 * (accuracy?.value ?? 0)).toFixed(1)} % right of ${labelled}`;
      }
      case "value": {
        const { metrics } = current.record.regression;
        if (!metrics) return `${labelled} labelled`;
        return `RMSE ${short(metrics.rmse)}${metrics.r2 === undefined ? "" : ` · R² ${metrics.r2.toFixed(2)}`}`;
      }
      default:
        return `${labelled} labelled`;
    }
  }

  /** The last one for a while, and then once more what has come since. */
  #aucOf(evaluation: Evaluation): number | undefined {
    const current = evaluation.record;
    if (current?.task !== "anomaly") return undefined;
    const wait = this.#aucAt + AUC_EVERY - Date.now();
    if (wait <= 0 || this.#auc === undefined) {
      this.#auc = current.record.auc();
      this.#aucAt = Date.now();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.show(evaluation);
      }, wait);
      this.#timer.unref();
    }
    return this.#auc;
  }
}

/** Two significant digits. */
function short(number: number): string {
  return String(Number(number.toPrecision(2)));
}
