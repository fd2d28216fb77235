import type { Frame } from "../frame/index.js";
import type { MoreInputs } from "./more-inputs.js";

/** A frame, and what a model with several inputs got beside it. */
export interface RecentFrame extends Frame {
  more?: MoreInputs;
}

const CAPACITY = 64;
const MAX_BYTES = 4 * 1024 * 1024;

/** Copies of the last good frames, to try a new version of the model on: 64 at most, and 4 MiB. */
export class RecentFrames {
  readonly #frames: RecentFrame[] = [];
  #oldest = 0;
  #count = 0;
  #bytes = 0;

  /** @param more is not copied: it is nobody else's */
  add({ data, info }: Frame, more?: MoreInputs): void {
    const bytes = data.byteLength + bytesOf(more);
    if (bytes > MAX_BYTES) return;
    let spare: Float32Array | undefined;
    while (this.#count === CAPACITY || this.#bytes + bytes > MAX_BYTES) spare = this.#drop();
    // The memory of the frame that goes is nearly always what the new one needs.
    const copy = spare?.length === data.length ? spare : new Float32Array(data.length);
    copy.set(data);
    this.#put(more ? { data: copy, info, more } : { data: copy, info });
  }

  /** Oldest first; copies, since frames go on coming. */
  list(): RecentFrame[] {
    return Array.from({ length: this.#count }, (_, i) => {
      const frame = this.#frames[(this.#oldest + i) % CAPACITY]!;
      return { ...frame, data: frame.data.slice() };
    });
  }

  #put(frame: RecentFrame): void {
    this.#frames[(this.#oldest + this.#count++) % CAPACITY] = frame;
    this.#bytes += frame.data.byteLength + bytesOf(frame.more);
  }

  #drop(): Float32Array {
    const { data, more } = this.#frames[this.#oldest]!;
    this.#oldest = (this.#oldest + 1) % CAPACITY;
    this.#count--;
    this.#bytes -= data.byteLength + bytesOf(more);
    return data;
  }
}

function bytesOf(more: MoreInputs | undefined): number {
  let bytes = 0;
  for (const values of more?.values() ?? []) {
    if (ArrayBuffer.isView(values)) bytes += values.byteLength;
    else for (const text of values) bytes += 2 * text.length + 16;
  }
  return bytes;
}
