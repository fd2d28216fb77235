import type { Frame, FrameInfo } from "../frame/index.js";

const CAPACITY = 64;
const MAX_BYTES = 4 * 1024 * 1024;

/** Copies of the last good frames, to try a new version of the model on: 64 at most, and 4 MiB. */
export class RecentFrames {
  readonly #frames: Frame[] = [];
  #oldest = 0;
  #count = 0;
  #bytes = 0;

  add({ data, info }: Frame): void {
    const { byteLength } = data;
    if (byteLength > MAX_BYTES) return;
    let spare: Float32Array | undefined;
    while (this.#count === CAPACITY || this.#bytes + byteLength > MAX_BYTES) spare = this.#drop();
    // The memory of the frame that goes is nearly always what the new one needs.
    const copy = spare?.length === data.length ? spare : new Float32Array(data.length);
    copy.set(data);
    this.#put(copy, info);
  }

  /** Oldest first; copies, since frames go on coming. */
  list(): Frame[] {
    return Array.from({ length: this.#count }, (_, i) => {
      const { data, info } = this.#frames[(this.#oldest + i) % CAPACITY]!;
      return { data: data.slice(), info };
    });
  }

  #put(data: Float32Array, info: FrameInfo): void {
    this.#frames[(this.#oldest + this.#count++) % CAPACITY] = { data, info };
    this.#bytes += data.byteLength;
  }

  #drop(): Float32Array {
    const { data } = this.#frames[this.#oldest]!;
    this.#oldest = (this.#oldest + 1) % CAPACITY;
    this.#count--;
    this.#bytes -= data.byteLength;
    return data;
  }
}
