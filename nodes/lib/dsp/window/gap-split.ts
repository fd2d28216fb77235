import type { WindowCounts } from "./counts.js";
import type { Cutter } from "./cutter.js";
import { isMissing, type Row } from "./row.js";

/** Lets no window span a missing value: a row that has one ends what was collected. */
export class GapSplit implements Cutter {
  readonly #columns: number;
  readonly #next: Cutter;
  readonly #counts: WindowCounts;
  /** The row before had a missing value. */
  #isOpen = false;

  constructor(columns: number, next: Cutter, counts: WindowCounts) {
    this.#columns = columns;
    this.#next = next;
    this.#counts = counts;
  }

  take(row: Row): void {
    if (row.bad === 0 || !this.#hasMissing(row)) {
      this.#isOpen = false;
      this.#next.take(row);
      return;
    }
    this.#next.advance(row.time, Number.POSITIVE_INFINITY);
    if (!this.#isOpen) this.#counts.splits++;
    this.#isOpen = true;
    this.#next.interrupt();
  }

  advance(time: number, hole: number): void {
    this.#next.advance(time, hole);
  }

  interrupt(): void {
    this.#next.interrupt();
  }

  #hasMissing({ cells }: Row): boolean {
    for (let c = 0; c < this.#columns; c++) if (isMissing(cells[c]!)) return true;
    return false;
  }
}
