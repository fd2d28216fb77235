/** How far predicted values are from the true ones. */
export interface RegressionMetrics {
  count: number;
  /** Root of the mean squared error. */
  rmse: number;
  /** Mean absolute error. */
  mae: number;
  /** Mean of predicted − true: above 0 the model says too much. */
  bias: number;
  /** Share of the truth's variance that is explained; missing when the truth never changes. */
  r2?: number;
}

/** Regression metrics of pairs that come one after the other: exact, in constant memory (Welford's means). */
export class RunningRegression {
  count = 0;
  #bias = 0;
  #absolute = 0;
  #squared = 0;
  #truth = 0;
  /** Sum of squared differences of the truth from its mean. */
  #spread = 0;

  /** Six numbers. */
  save(): number[] {
    return [this.count, this.#bias, this.#absolute, this.#squared, this.#truth, this.#spread];
  }

  restore([count = 0, bias = 0, absolute = 0, squared = 0, truth = 0, spread = 0]: readonly number[]): void {
    this.count = count;
    this.#bias = bias;
    this.#absolute = absolute;
    this.#squared = squared;
    this.#truth = truth;
    this.#spread = spread;
  }

  /** Both finite. */
  add(predicted: number, truth: number): void {
    this.count++;
    const error = predicted - truth;
    this.#bias += (error - this.#bias) / this.count;
    this.#absolute += (Math.abs(error) - this.#absolute) / this.count;
    this.#squared += (error * error - this.#squared) / this.count;
    const before = truth - this.#truth;
    this.#truth += before / this.count;
    this.#spread += before * (truth - this.#truth);
  }

  /** Undefined without pairs, or with values whose squares no number holds. */
  get metrics(): RegressionMetrics | undefined {
    const metrics: RegressionMetrics = {
      count: this.count,
      rmse: Math.sqrt(this.#squared),
      mae: this.#absolute,
      bias: this.#bias,
    };
    if (this.count === 0 || !Object.values(metrics).every(Number.isFinite)) return undefined;
    const r2 = 1 - (this.#squared * this.count) / this.#spread;
    if (this.#spread > 0 && Number.isFinite(r2)) metrics.r2 = r2;
    return metrics;
  }
}
