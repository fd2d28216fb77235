import { EdgeMlError } from "../../errors/index.js";
import { MAX_FRAME_LENGTH } from "../../frame/index.js";
import type { WindowPlan } from "./options.js";

/** What one message may become: 256 MiB of windows, and as many of them. Beyond, a chunk must be cut. */
export const MAX_OUTPUT_LENGTH = 4 * MAX_FRAME_LENGTH;
const MAX_OUTPUT_FRAMES = 100_000;
/** Samples of one message: ten minutes at 16 kHz, for which the event loop stands still for about a second. */
const MAX_MOMENTS = 10_000_000;

/**
 * A message of many samples must not become more windows than memory holds, nor keep all others waiting.
 * @param rate Hz, of the samples, where it is known
 * @throws EdgeMlError EDGE_ML_TOO_LARGE
 */
export function checkOutput(plan: WindowPlan, moments: number, columns: number, rate: number | undefined): void {
  if (moments > MAX_MOMENTS) {
    throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
      field: "msg.payload",
      got: `${moments} samples`,
      expected: `${MAX_MOMENTS} samples in one message`,
    });
  }
  const { by, size, hop } = plan;
  /** ms; samples without a rate share one time. */
  const duration = rate === undefined ? 0 : (moments * 1000) / rate;
  const rows = plan.resample === undefined ? moments : (duration * plan.resample.rate) / 1000;
  const frames = 1 + (by === "samples" ? rows : duration) / hop;
  const samples = by === "samples" ? size : duration === 0 ? 0 : Math.min(rows, (rows / duration) * size);
  if (frames <= MAX_OUTPUT_FRAMES && frames * samples * columns <= MAX_OUTPUT_LENGTH) return;
  throw new EdgeMlError("EDGE_ML_TOO_LARGE", {
    field: "msg.payload",
    got: `${moments} samples, which make ${Math.floor(frames)} windows`,
    expected: `${MAX_OUTPUT_FRAMES} windows, or ${MAX_OUTPUT_LENGTH} numbers, from one message`,
  });
}
