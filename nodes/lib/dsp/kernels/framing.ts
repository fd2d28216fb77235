import { EdgeMlError } from "../../errors/index.js";

/** How the short frames of a picture lie in the samples of a window. */
export interface Framing {
  /** Samples of the window. */
  samples: number;
  /** Samples in a frame. */
  length: number;
  /** Samples from one frame to the next. */
  stride: number;
  /** From 1. */
  frames: number;
  padding?: Padding;
}

/** What is put before the first and after the last sample, so that frames are centred on their time (librosa, torch). */
export interface Padding {
  /** Samples on each side; "reflect" needs fewer than the window has. */
  samples: number;
  kind: "zeros" | "reflect";
}

/**
 * The frames that fit wholly into a window, the samples behind the last one being left out.
 * @param title of the block, for the error
 * @throws EdgeMlError EDGE_ML_WINDOW when there is no frame, or more than MOST_FRAMES
 */
export function framing(
  samples: number,
  length: number,
  stride: number,
  title: string,
  padding: Padding = { samples: 0, kind: "zeros" },
): Framing {
  const frames = Math.floor((samples + 2 * padding.samples - length) / stride) + 1;
  const refuse = (got: string, expected: string) => new EdgeMlError("EDGE_ML_WINDOW", { block: title, got, expected });
  if (frames < 1) throw refuse(`${samples} samples`, `at least ${length - 2 * padding.samples} samples (one frame)`);
  if (frames > MOST_FRAMES) throw refuse(`${frames} frames`, `at most ${MOST_FRAMES} frames`);
  if (padding.kind === "reflect" && samples <= padding.samples) {
    throw refuse(`${samples} samples`, `more than ${padding.samples} samples (to reflect them at its ends)`);
  }
  return padding.samples > 0 ? { samples, length, stride, frames, padding } : { samples, length, stride, frames };
}

/**
 * Seconds in whole samples as Edge Impulse counts them: rounded up, unless less than a thousandth above a whole number.
 * @returns at least 1 for a duration above 0
 */
export function samplesUp(seconds: number, rate: number): number {
  const exact = seconds * rate;
  const whole = Math.floor(exact);
  return Math.max(1, exact > whole && exact - whole < 0.001 ? whole : Math.ceil(exact));
}

/** Seconds in whole samples, to the nearest. @returns at least 1 */
export function samplesNear(seconds: number, rate: number): number {
  return Math.max(1, Math.round(seconds * rate));
}

/** Edge Impulse's limit. */
const MOST_FRAMES = 500;
