import { EdgeMlError } from "../errors/index.js";

/** Puts numbers one after the other, to be saved. */
export class Packer {
  readonly #numbers: number[] = [];

  number(value: number): void {
    this.#numbers.push(value);
  }

  all(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.#numbers.push(values[i]!);
  }

  /** Base64 of float64, little-endian. */
  text(): string {
    const bytes = Buffer.alloc(8 * this.#numbers.length);
    for (const [i, value] of this.#numbers.entries()) bytes.writeDoubleLE(value, 8 * i);
    return bytes.toString("base64");
  }
}

/** Takes them out again, in the same order. */
export class Unpacker {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(text: string) {
    this.#bytes = Buffer.from(text, "base64");
  }

  /** @throws EdgeMlError EDGE_ML_STATE when there is none left */
  number(): number {
    if (this.#at + 8 > this.#bytes.length) throw wrong(`${this.#at / 8} numbers`, "more of them");
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  /** @throws EdgeMlError EDGE_ML_STATE */
  finite(): number {
    const value = this.number();
    if (!Number.isFinite(value)) throw wrong(String(value), "a finite number");
    return value;
  }

  /** A whole number from 0 to `most`. @throws EdgeMlError EDGE_ML_STATE */
  count(most: number): number {
    const value = this.number();
    if (!Number.isInteger(value) || value < 0 || value > most) throw wrong(String(value), `0 to ${most}`);
    return value;
  }

  /** Fills the array. @throws EdgeMlError EDGE_ML_STATE */
  fill(values: Float64Array | Float32Array): void {
    for (let i = 0; i < values.length; i++) values[i] = this.finite();
  }

  /** @throws EdgeMlError EDGE_ML_STATE when numbers are left */
  end(): void {
    if (this.#at !== this.#bytes.length) throw wrong(`${this.#bytes.length / 8} numbers`, `${this.#at / 8} of them`);
  }
}

function wrong(got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_STATE", { field: "state.streams.numbers", got, expected });
}
