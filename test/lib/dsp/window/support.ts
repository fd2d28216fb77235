import { Windower, type WindowOptions } from "../../../../nodes/lib/dsp/index.ts";
import { type Frame, readReading } from "../../../../nodes/lib/frame/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
export type Msg = Record<string, any>;

export const NOW = 1_000_000;
export const NAN = Number.NaN;

/** Pushes messages through one windower. */
export function run(options: WindowOptions, messages: readonly Msg[]): { frames: Frame[]; windower: Windower } {
  const windower = new Windower(options);
  const frames: Frame[] = [];
  for (const msg of messages) windower.push(readReading(msg, NOW), (frame) => frames.push(frame));
  return { frames, windower };
}

export const values = (frames: readonly Frame[]) => frames.map((frame) => [...frame.data]);
export const at = (timestamp: number, payload: unknown, more: Msg = {}): Msg => ({ payload, timestamp, ...more });

/** Repeatable numbers 0..1. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
