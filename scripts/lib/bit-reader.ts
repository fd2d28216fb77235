/** Bits from the highest of each byte on. Beyond the end there are ones, so that every loop ends; `left` tells. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** Of the byte at #at, not yet taken. */
  #rest = 8;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Whole bytes; below 0: more was taken than there is. */
  get left(): number {
    return this.#bytes.length - this.#at - (this.#rest < 8 ? 1 : 0);
  }

  /** Unsigned. @param count at most 32 */
  bits(count: number): number {
    let value = 0;
    for (let wanted = count; wanted > 0; ) {
      const take = Math.min(wanted, this.#rest);
      const byte = this.#bytes[this.#at] ?? 255;
      value = value * 2 ** take + ((byte >> (this.#rest - take)) & ((1 << take) - 1));
      this.#rest -= take;
      wanted -= take;
      if (this.#rest === 0) this.#next();
    }
    return value;
  }

  /** Two's complement. */
  signed(count: number): number {
    const value = this.bits(count);
    return count > 0 && value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** How many zeros come before the next one. */
  unary(): number {
    let count = 0;
    for (;;) {
      const byte = (this.#bytes[this.#at] ?? 255) & ((1 << this.#rest) - 1);
      if (byte === 0) {
        count += this.#rest;
        this.#next();
        continue;
      }
      const zeros = Math.clz32(byte) - (32 - this.#rest);
      this.#rest -= zeros + 1;
      if (this.#rest === 0) this.#next();
      return count + zeros;
    }
  }

  /** The number of a frame or sample, coded as UTF-8 codes characters. */
  skipCodedNumber(): void {
    const first = this.bits(8);
    const ones = Math.clz32(~(first << 24));
    for (let i = 1; i < ones; i++) this.bits(8);
  }

  /** To the next whole byte. */
  align(): void {
    if (this.#rest < 8) this.#next();
  }

  #next(): void {
    this.#at++;
    this.#rest = 8;
  }
}
