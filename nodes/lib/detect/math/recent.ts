import type { Packer, Unpacker } from "../packing.js";

/** The last values of a stream, so that they lie one after the other in memory: moved only once for as many as are kept. */
export class Recent {
  readonly capacity: number;
  /** For inner loops: the last value stands before `end`, those before it in front of it. */
  readonly values: Float64Array;
  end = 0;
  size = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.values = new Float64Array(2 * capacity);
  }

  push(value: number): void {
    if (this.end === this.values.length) {
      this.values.copyWithin(0, this.end - this.capacity + 1);
      this.end = this.capacity - 1;
    }
    this.values[this.end++] = value;
    if (this.size < this.capacity) this.size++;
  }

  /** The value so many readings ago; 0 is the last. */
  ago(readings: number): number {
    return this.values[this.end - 1 - readings]!;
  }

  clear(): void {
    this.end = 0;
    this.size = 0;
  }

  pack(packer: Packer): void {
    packer.number(this.size);
    packer.all(this.values.subarray(this.end - this.size, this.end));
  }

  unpack(unpacker: Unpacker): void {
    this.clear();
    for (let size = unpacker.count(this.capacity); size > 0; size--) this.push(unpacker.finite());
  }
}
