import { AnomalyDetection, type Detected, type DetectSettings } from "../../../nodes/lib/detect/index.ts";
import { readReading } from "../../../nodes/lib/frame/index.ts";

/** 5 minutes. */
export const STEP = 300_000;
export const START = Date.UTC(2026, 0, 5);

/** A Monday's midnight is the start of all readings; about 5 of 1,000 may be marked unless told otherwise. */
export function detection(
  detector: string,
  options: object = {},
  more: Partial<DetectSettings> = {},
): AnomalyDetection {
  return new AnomalyDetection({
    detector,
    options,
    channels: [],
    falseAlarms: { count: 5, in: { readings: 1000 } },
    pause: 0,
    stuck: 0,
    forget: 0,
    streams: 10,
    ...more,
  });
}

/** Sends payloads at even times; returns what was said of each, undefined where nothing was. */
export function feed(
  detection: AnomalyDetection,
  payloads: readonly unknown[],
  start = START,
  step = STEP,
): (Detected | undefined)[] {
  return payloads.map(
    (payload, i) => detection.push(readReading({ topic: "s", payload, timestamp: start + i * step }, 0))[0],
  );
}

/** Numbers from 0 to 1, the same for a seed. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box & Muller). */
export function gaussian(seed: number): () => number {
  const random = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function series(count: number, at: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => at(i));
}

/** The indices of what was marked. */
export function marked(detected: readonly (Detected | undefined)[]): number[] {
  return detected.flatMap((each, i) =>
    each?.payload.score != null && (each.payload as { anomalous: boolean }).anomalous ? [i] : [],
  );
}
