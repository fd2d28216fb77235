/**
 * Sliding mean and variance normalisation of each coefficient over time (Edge Impulse's cmvnw): each value less the mean
 * of the `width` frames around it, then over their population standard deviation plus 1e-10. Before the first and after
 * the last frame the frames are repeated in mirror image, the edge included. NaN makes NaN of what has it in its width.
 */
export class SlidingNormalisation {
  readonly #frames: number;
  readonly #columns: number;
  readonly #width: number;
  /** What frame stands at each place of the mirrored sequence. */
  readonly #order: Int32Array;
  readonly #column: Float64Array;
  /** Sums over the mirrored sequence up to each place, of the finite values; how many are not; their squares. */
  readonly #sums: Float64Array;
  readonly #gaps: Int32Array;
  readonly #squares: Float64Array;

  /** @param width odd */
  constructor(frames: number, columns: number, width: number) {
    this.#frames = frames;
    this.#columns = columns;
    this.#width = width;
    const length = frames + width - 1;
    const before = (width - 1) / 2;
    this.#order = Int32Array.from({ length }, (_, place) => {
      const turn = (((place - before) % (2 * frames)) + 2 * frames) % (2 * frames);
      return turn < frames ? turn : 2 * frames - 1 - turn;
    });
    this.#column = new Float64Array(frames);
    this.#sums = new Float64Array(length + 1);
    this.#squares = new Float64Array(length + 1);
    this.#gaps = new Int32Array(length + 1);
  }

  /** @param data row-major [frames, columns] from `offset`, in place */
  apply(data: Float32Array, offset: number): void {
    const frames = this.#frames;
    const columns = this.#columns;
    const width = this.#width;
    const column = this.#column;
    for (let c = 0; c < columns; c++) {
      for (let i = 0, at = offset + c; i < frames; i++, at += columns) column[i] = data[at]!;
      // Less one of its values: of a coefficient that never changes nothing is left, not the rounding of its sums.
      const level = column.find(Number.isFinite) ?? 0;
      for (let i = 0; i < frames; i++) column[i] = column[i]! - level;
      this.#sum();
      for (let i = 0; i < frames; i++) {
        const gaps = this.#gaps[i + width]! - this.#gaps[i]!;
        // In float32, as the reference does it.
        column[i] = gaps > 0 ? Number.NaN : Math.fround(column[i]! - (this.#sums[i + width]! - this.#sums[i]!) / width);
      }
      this.#sum();
      for (let i = 0, at = offset + c; i < frames; i++, at += columns) {
        const gaps = this.#gaps[i + width]! - this.#gaps[i]!;
        const mean = (this.#sums[i + width]! - this.#sums[i]!) / width;
        const square = (this.#squares[i + width]! - this.#squares[i]!) / width;
        const deviation = Math.sqrt(Math.max(0, square - mean * mean));
        data[at] = gaps > 0 ? Number.NaN : column[i]! / (deviation + 1e-10);
      }
    }
  }

  #sum(): void {
    const order = this.#order;
    const sums = this.#sums;
    const squares = this.#squares;
    const gaps = this.#gaps;
    for (let place = 0; place < order.length; place++) {
      const value = this.#column[order[place]!]!;
      const finite = Number.isFinite(value);
      const x = finite ? value : 0;
      sums[place + 1] = sums[place]! + x;
      squares[place + 1] = squares[place]! + x * x;
      gaps[place + 1] = gaps[place]! + (finite ? 0 : 1);
    }
  }
}
