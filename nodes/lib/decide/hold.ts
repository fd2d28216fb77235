/** For how long something has been so without a break, in stream time. */
export class Hold {
  #since: number | undefined;

  /** Tells how it is now; returns for how long it has been so (ms), or undefined when it is not. */
  update(holds: boolean, time: number): number | undefined {
    if (!holds) {
      this.#since = undefined;
      return undefined;
    }
    this.#since ??= time;
    return time - this.#since;
  }

  get running(): boolean {
    return this.#since !== undefined;
  }

  /** Leaves out a span of time: one without a score, or a step of the clock. */
  shift(by: number): void {
    if (this.#since !== undefined) this.#since += by;
  }

  stop(): void {
    this.#since = undefined;
  }
}
