import type { WindowShape } from "../blocks/block.js";
import type { Filter, FilterPlan } from "./filter.js";

/** Filters one after the other, made ready for one window shape. */
export interface ChainPlan {
  /** What comes out. */
  output: WindowShape;
  /**
   * Filters each channel by itself.
   * @param window row-major [samples, channels], which is left as it is
   * @returns row-major [samples, channels] of the output; overwritten by the next call
   */
  apply(window: Float32Array): Float32Array;
}

/** @throws EdgeMlError as the filters do */
export function planChain(
  filters: readonly { filter: Filter; options: Record<string, unknown> }[],
  window: WindowShape,
): ChainPlan {
  const { channels } = window;
  const columns = channels.length;
  const first = new Float64Array(window.samples);
  const buffers = [first];
  const steps: { plan: FilterPlan; x: Float64Array; y: Float64Array }[] = [];
  let { output, last } = { output: shapeOf(window.samples, window.rate), last: first };
  for (const { filter, options } of filters) {
    const plan = filter.plan(output, options);
    output = plan.output;
    const x = last;
    // What a step before has read is free again: two buffers of a length are enough.
    let y = buffers.find((buffer) => buffer !== x && buffer.length === output.samples);
    if (!y) {
      y = new Float64Array(output.samples);
      buffers.push(y);
    }
    steps.push({ plan, x, y });
    last = y;
  }
  const filtered = new Float32Array(output.samples * columns);
  return {
    output: { ...output, channels },
    apply(data) {
      for (let column = 0; column < columns; column++) {
        for (let i = 0, at = column; i < first.length; i++, at += columns) first[i] = data[at]!;
        for (let step = 0; step < steps.length; step++) {
          const { plan, x, y } = steps[step]!;
          plan.apply(x, y);
        }
        for (let i = 0, at = column; i < last.length; i++, at += columns) filtered[at] = last[i]!;
      }
      return filtered;
    },
  };
}

function shapeOf(samples: number, rate: number | undefined): { samples: number; rate?: number } {
  return rate === undefined ? { samples } : { samples, rate };
}
