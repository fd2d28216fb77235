/**
 * Sliding mean and variance normalisation of each coefficient over time (Edge Impulse's cmvnw): each value less the mean
 * of the `width` frames around it, then over their population standard deviation plus 1e-10. Before the first and after
 * the last frame the frames are repeated in mirror image, the edge included. NaN makes NaN of what has it in its width.
 * O(frames), whatever the width: sums from the start on, of which two make the sum of any part.
 */
export class SlidingNormalisation {
  readonly #frames: number;
  readonly #columns: number;
  readonly #width: number;
  /**
   * The sum over the width around each frame is `whole` times the sum of all frames, plus `sign` times the sum up to
   * `place`, for the width's end and its beginning.
   */
  readonly #whole: Float64Array;
  readonly #endSign: Float64Array;
  readonly #endPlace: Int32Array;
  readonly #startSign: Float64Array;
  readonly #startPlace: Int32Array;
  readonly #column: Float64Array;
  /** Up to each frame, one more than there are. */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #gaps: Float64Array;

  /** @param width odd */
  constructor(frames: number, columns: number, width: number) {
    this.#frames = frames;
    this.#columns = columns;
    this.#width = width;
    const starts = Array.from({ length: frames }, (_, i) => mirrored(i - (width - 1) / 2, frames));
    const ends = Array.from({ length: frames }, (_, i) => mirrored(i + (width + 1) / 2, frames));
    this.#whole = Float64Array.from(ends, ({ whole }, i) => whole - starts[i]!.whole);
    this.#endSign = Float64Array.from(ends, ({ sign }) => sign);
    this.#endPlace = Int32Array.from(ends, ({ place }) => place);
    this.#startSign = Float64Array.from(starts, ({ sign }) => sign);
    this.#startPlace = Int32Array.from(starts, ({ place }) => place);
    this.#column = new Float64Array(frames);
    this.#sums = new Float64Array(frames + 1);
    this.#squares = new Float64Array(frames + 1);
    this.#gaps = new Float64Array(frames + 1);
  }

  /** @param data row-major [frames, columns] from `offset`, in place */
  apply(data: Float32Array, offset: number): void {
    for (let c = 0; c < this.#columns; c++) this.#applyTo(data, offset + c);
  }

  #applyTo(data: Float32Array, offset: number): void {
    const frames = this.#frames;
    const columns = this.#columns;
    const width = this.#width;
    const column = this.#column;
    const sums = this.#sums;
    const squares = this.#squares;
    // Less one of its values: of a coefficient that never changes nothing is left, not the rounding of its sums.
    let level = data[offset]!;
    for (let i = 1; i < frames && !Number.isFinite(level); i++) level = data[offset + i * columns]!;
    let gaps = 0;
    for (let i = 0, at = offset; i < frames; i++, at += columns) {
      const x = data[at]! - level;
      // x − x is NaN for what is not finite.
      if (x - x === 0) {
        column[i] = x;
      } else {
        column[i] = 0;
        gaps++;
      }
      this.#gaps[i + 1] = gaps;
      sums[i + 1] = sums[i]! + column[i]!;
    }
    let square = 0;
    let sum = 0;
    // The means need `sums` to the end; those of the differences take their place afterwards.
    for (let i = 0; i < frames; i++) column[i] = Math.fround(column[i]! - this.#around(sums, i) / width);
    for (let i = 0; i < frames; i++) {
      const x = column[i]!;
      sum += x;
      square += x * x;
      sums[i + 1] = sum;
      squares[i + 1] = square;
    }
    for (let i = 0, at = offset; i < frames; i++, at += columns) {
      const mean = this.#around(sums, i) / width;
      const deviation = Math.sqrt(Math.max(0, this.#around(squares, i) / width - mean * mean));
      data[at] = column[i]! / (deviation + 1e-10);
    }
    if (gaps > 0) this.#spoil(data, offset);
  }

  /** NaN where the width around a frame, or around one of the frames within its width, has one that is not finite. */
  #spoil(data: Float32Array, offset: number): void {
    const gaps = this.#gaps;
    const column = this.#column;
    for (let i = 0; i < this.#frames; i++) column[i] = this.#around(gaps, i);
    let count = 0;
    for (let i = 0; i < this.#frames; i++) {
      count += column[i]!;
      gaps[i + 1] = count;
    }
    for (let i = 0; i < this.#frames; i++) {
      if (this.#around(gaps, i) > 0) data[offset + i * this.#columns] = Number.NaN;
    }
  }

  /** The sum over the width around frame i. */
  #around(sums: Float64Array, i: number): number {
    return (
      this.#whole[i]! * sums[this.#frames]! +
      this.#endSign[i]! * sums[this.#endPlace[i]!]! -
      this.#startSign[i]! * sums[this.#startPlace[i]!]!
    );
  }
}

/** The sum of the mirrored frames before `place`, which may be any: `whole` sums of all frames, plus `sign` times that up to `place`. */
function mirrored(place: number, frames: number): { whole: number; sign: number; place: number } {
  const turn = Math.floor(place / (2 * frames));
  const within = place - turn * 2 * frames;
  return within <= frames
    ? { whole: 2 * turn, sign: 1, place: within }
    : { whole: 2 * turn + 2, sign: -1, place: 2 * frames - within };
}
