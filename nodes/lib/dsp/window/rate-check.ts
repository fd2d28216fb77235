/** ms, and chunks, over which the rate is measured: a few jittered timestamps do not count. */
const SPAN = 2000;
const CHUNKS = 24;
/** Share by which samples may come faster or slower than their rate says. */
const TOLERANCE = 0.05;

/**
 * Tells whether the timestamps of chunks fit the rate that they say. Over a span of chunks their lengths are held against
 * the time from one to the next; the chunk that differs most is left out, for it may stand before a pause.
 */
export class RateCheck {
  /** The samples of the last span came faster or slower than their rate says. */
  isWrong = false;
  #time = Number.NaN;
  #length = 0;
  #chunks = 0;
  /** ms that the chunks of the span say they are long, and took. */
  #said = 0;
  #took = 0;
  /** The same of the chunk that differs most. */
  #worstSaid = 0;
  #worstTook = 0;

  /**
   * @param time of the chunk's first sample, as it came
   * @param length ms, of all its samples
   */
  chunk(time: number, length: number): void {
    const took = time - this.#time;
    const said = this.#length;
    this.#time = time;
    this.#length = length;
    if (Number.isNaN(took)) return;
    if (took < 0) {
      this.#begin();
      return;
    }
    this.#chunks++;
    this.#said += said;
    this.#took += took;
    if (Math.abs(took - said) > Math.abs(this.#worstTook - this.#worstSaid)) {
      this.#worstSaid = said;
      this.#worstTook = took;
    }
    if (this.#chunks < CHUNKS || Math.max(this.#said - this.#worstSaid, this.#took - this.#worstTook) < SPAN) return;
    const ratio = (this.#said - this.#worstSaid) / (this.#took - this.#worstTook);
    this.isWrong = Math.abs(ratio - 1) > TOLERANCE;
    this.#begin();
  }

  /** As new: the stream began again, or its rate changed. */
  reset(): void {
    this.isWrong = false;
    this.#time = Number.NaN;
    this.#begin();
  }

  #begin(): void {
    this.#chunks = 0;
    this.#said = 0;
    this.#took = 0;
    this.#worstSaid = 0;
    this.#worstTook = 0;
  }
}
