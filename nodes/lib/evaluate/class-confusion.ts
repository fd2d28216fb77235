import { type Rate, wilson } from "./wilson.js";

/** What a classifier says when it is not sure enough: a prediction, but no class. */
export const UNCERTAIN = "uncertain";

/** How one class came off. What is a share of nothing is missing. */
export interface ClassMetrics {
  label: string;
  /** Results whose truth it is. */
  support: number;
  /** Results that were given it. */
  predicted: number;
  /** Of what was given this class, what is of it. */
  precision?: Rate;
  /** Of what is of this class, what was given it. */
  recall?: Rate;
  /** Harmonic mean of both; 0 when nothing was right. */
  f1: number;
}

/** A confusion matrix with what follows from it. */
export interface ClassReport {
  /** Of rows and columns, in the order in which they first came; "uncertain" is last, and a prediction only. */
  labels: string[];
  /** [truth][predicted] */
  matrix: number[][];
  classes: ClassMetrics[];
  accuracy?: Rate;
  /** Mean F1 of the classes, each with the same weight (scikit-learn's macro average). */
  macroF1?: number;
  /** Mean recall of the classes that came. */
  balancedAccuracy?: number;
  /** Results that were given no class. */
  uncertain: number;
}

/** Counts of predicted classes against true ones; exact, and bounded in the number of classes. */
export class ClassConfusion {
  /** Pairs that were left out because there were too many classes. */
  dropped = 0;
  readonly #limit: number;
  readonly #index = new Map<string, number>();
  /** [truth][predicted] */
  readonly #counts: number[][] = [];

  constructor(limit = 100) {
    this.#limit = limit;
  }

  /** A class's number, or undefined when there are too many. */
  indexOf(label: string): number | undefined {
    const known = this.#index.get(label);
    if (known !== undefined) return known;
    if (this.#index.size >= this.#limit) return undefined;
    for (const row of this.#counts) row.push(0);
    this.#counts.push(new Array<number>(this.#index.size + 1).fill(0));
    this.#index.set(label, this.#index.size);
    return this.#index.size - 1;
  }

  /** Plain JSON. */
  save(): { labels: string[]; counts: number[][] } {
    return { labels: [...this.#index.keys()], counts: this.#counts.map((row) => [...row]) };
  }

  restore({ labels, counts }: { labels: readonly string[]; counts: readonly (readonly number[])[] }): void {
    for (const label of labels) this.indexOf(label);
    for (const [row, values] of counts.entries()) {
      for (const [column, value] of values.entries()) {
        if (this.#counts[row]?.[column] !== undefined) this.#counts[row]![column] = value;
      }
    }
  }

  add(predicted: string, truth: string): void {
    const [row, column] = [this.indexOf(truth), this.indexOf(predicted)];
    if (row === undefined || column === undefined) this.dropped++;
    else this.#counts[row]![column]!++;
  }

  get report(): ClassReport {
    const all = [...this.#index.keys()];
    const labels = all.filter((label) => label !== UNCERTAIN);
    if (labels.length < all.length) labels.push(UNCERTAIN);
    const order = labels.map((label) => this.#index.get(label)!);
    const matrix = order.map((row) => order.map((column) => this.#counts[row]![column]!));
    return { labels, matrix, ...metricsOf(labels, matrix) };
  }
}

function metricsOf(labels: string[], matrix: number[][]): Omit<ClassReport, "labels" | "matrix"> {
  const total = sum(matrix.map(sum));
  const supports = matrix.map(sum);
  const predicted = labels.map((_, column) => sum(matrix.map((row) => row[column]!)));
  const classes: ClassMetrics[] = [];
  for (const [i, label] of labels.entries()) {
    const [hits, support, given] = [matrix[i]![i]!, supports[i]!, predicted[i]!];
    if (support + given === 0 || label === UNCERTAIN) continue;
    const metrics: ClassMetrics = { label, support, predicted: given, f1: (2 * hits) / (support + given) };
    const [precision, recall] = [wilson(hits, given), wilson(hits, support)];
    if (precision) metrics.precision = precision;
    if (recall) metrics.recall = recall;
    classes.push(metrics);
  }
  const at = labels.indexOf(UNCERTAIN);
  const report: Omit<ClassReport, "labels" | "matrix"> = { classes, uncertain: at < 0 ? 0 : predicted[at]! };
  const accuracy = wilson(sum(labels.map((_, i) => (i === at ? 0 : matrix[i]![i]!))), total);
  const recalls = classes.flatMap(({ recall }) => (recall ? [recall.value] : []));
  if (accuracy) report.accuracy = accuracy;
  if (classes.length > 0) report.macroF1 = sum(classes.map(({ f1 }) => f1)) / classes.length;
  if (recalls.length > 0) report.balancedAccuracy = sum(recalls) / recalls.length;
  return report;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
