import type { Packer, Unpacker } from "../packing.js";
import { SortedWindow } from "./sorted-window.js";

/** A median of fewer says little. */
const LEAST = 20;
const WINDOW = 500;

/** Puts a distance beside the median of the last ones: 1 is the usual one, whatever its unit. */
export class Typical {
  static readonly warmUp = LEAST;
  readonly #window = new SortedWindow(WINDOW);

  /** @param least what counts as no distance at all */
  ratio(distance: number, least: number): number | undefined {
    const ratio = this.#window.size < LEAST ? undefined : distance / Math.max(this.#window.median(), least);
    this.#window.push(distance);
    return ratio;
  }

  pack(packer: Packer): void {
    this.#window.pack(packer);
  }

  unpack(unpacker: Unpacker): void {
    this.#window.unpack(unpacker);
  }
}
