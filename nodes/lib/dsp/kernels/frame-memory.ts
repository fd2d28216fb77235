import type { FrameKernel } from "./frame-plan.js";

/**
 * The frames of a stream's last window, for the next window that overlaps it: a ring of them for each channel. The ring
 * is written twice, one behind the other, so that the frames of a window always lie in one piece.
 *
 * It keeps frames only for a stream whose windows have been seen to overlap: others cost nothing.
 */
export class FrameMemory {
  #kernel: FrameKernel | undefined;
  #position: number | undefined;
  #channels = 0;
  #frames = 0;
  #outputs = 0;
  /** The slot of the window's first frame, or −1 while no frames are kept. */
  #head = -1;
  /** [channels, 2 · frames, outputs] */
  #ring = new Float32Array(0);
  /** What a window's frames are when its first one is in slot i, channel by channel. */
  #views: Float32Array[] = [];
  /** One sample of each frame that is kept, by slot, written twice as well: [channels, 2 · frames]. */
  witnesses = new Float32Array(0);

  /**
   * Says what comes now: the window at `position`, computed by `kernel` with that stride.
   * @returns by how many frames the window has moved on, or 0 when nothing can be taken over from the one before
   */
  moveTo(kernel: FrameKernel, position: number | undefined, stride: number): number {
    const moved = this.#kernel === kernel && position !== undefined ? position - (this.#position ?? Number.NaN) : 0;
    this.#kernel = kernel;
    this.#position = position;
    if (moved > 0 && moved % stride === 0) return moved / stride;
    this.forget();
    return 0;
  }

  /** True when the frames of the window before are here. */
  get keeps(): boolean {
    return this.#head >= 0;
  }

  forget(): void {
    this.#head = -1;
  }

  /** Begins to keep frames. */
  begin(channels: number, frames: number, outputs: number): void {
    if (this.#channels !== channels || this.#frames !== frames || this.#outputs !== outputs) {
      this.#channels = channels;
      this.#frames = frames;
      this.#outputs = outputs;
      this.#ring = new Float32Array(2 * channels * frames * outputs);
      this.witnesses = new Float32Array(2 * channels * frames);
      this.#views = Array.from({ length: channels * frames }, (_, i) => {
        const from = (Math.floor(i / frames) * 2 * frames + (i % frames)) * outputs;
        return this.#ring.subarray(from, from + frames * outputs);
      });
    }
    this.#head = 0;
  }

  /** The window has moved on by so many frames: frame k is now what frame k + shift was. */
  shift(frames: number): void {
    this.#head = (this.#head + frames) % this.#frames;
  }

  /** The slot of frame k of the window once it has moved on by `shift` frames. A frame keeps its slot while it is kept. */
  slot(k: number, shift: number): number {
    return (this.#head + shift + k) % this.#frames;
  }

  /** Keeps frame k of a channel: its numbers in `out` from `offset`, and its witness. */
  keep(channel: number, k: number, out: Float32Array, offset: number, witness: number): void {
    const frames = this.#frames;
    const outputs = this.#outputs;
    const place = 2 * channel * frames + ((this.#head + k) % frames);
    const first = place * outputs;
    const second = first + frames * outputs;
    const ring = this.#ring;
    for (let i = 0; i < outputs; i++) {
      const value = out[offset + i]!;
      ring[first + i] = value;
      ring[second + i] = value;
    }
    this.witnesses[place] = witness;
    this.witnesses[place + frames] = witness;
  }

  /** All frames of a channel. */
  copy(channel: number, out: Float32Array, offset: number): void {
    out.set(this.#views[channel * this.#frames + this.#head]!, offset);
  }
}
