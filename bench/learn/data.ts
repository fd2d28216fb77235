import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LearnTask } from "../../nodes/lib/index.ts";

export const ROWS = 10_000;
export const HELD_OUT = 4000;
export const FEATURES = 24;
const SOURCES = 6;

/** What one task learns from, and what is asked afterwards. */
export interface Data {
  task: LearnTask;
  /** Row-major [ROWS, FEATURES]. */
  x: Float32Array;
  /** The class or value of each row; nothing for anomalies. */
  y?: Int32Array | Float64Array;
  /** Row-major [HELD_OUT, FEATURES]. */
  test: Float32Array;
  /** Whether a row is anomalous, its class or its value. */
  truth: number[];
}

/** mulberry32: the data must not change with the library's own generator. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Sensors of a machine with three states (60, 30 and 10 % of the time): 24 readings that 6 sources drive, with noise.
 * Anomalous rows have three readings moved by 1.5 to 3 standard deviations of the noise and the sources together. The class
 * and the value hang on a few readings, on some of them only together, with noise.
 */
export function makeData(task: LearnTask): Data {
  const random = generator(20240917);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const mixing = Array.from({ length: SOURCES * FEATURES }, () => normal() / Math.sqrt(SOURCES));
  const states = Array.from({ length: 3 * FEATURES }, normal);
  const draw = (rows: number) => {
    const x = new Float32Array(rows * FEATURES);
    for (let row = 0; row < rows; row++) {
      const place = random();
      const state = place < 0.6 ? 0 : place < 0.9 ? 1 : 2;
      const sources = Array.from({ length: SOURCES }, normal);
      for (let i = 0; i < FEATURES; i++) {
        let value = states[state * FEATURES + i]! + 0.5 * normal();
        for (let s = 0; s < SOURCES; s++) value += sources[s]! * mixing[s * FEATURES + i]!;
        x[row * FEATURES + i] = value;
      }
    }
    return x;
  };
  const x = draw(ROWS);
  const test = draw(HELD_OUT);
  if (task === "anomaly") {
    const truth = Array.from({ length: HELD_OUT }, (_, row) => row % 2);
    for (let row = 1; row < HELD_OUT; row += 2) {
      for (let k = 0; k < 3; k++) {
        const shift = (1.5 + 1.5 * random()) * (random() < 0.5 ? -1 : 1);
        test[row * FEATURES + Math.floor(random() * FEATURES)]! += shift;
      }
    }
    return { task, x, test, truth };
  }
  const told = (of: Float32Array) =>
    Float64Array.from({ length: of.length / FEATURES }, (_, row) => {
      const [a, b, c, d] = of.subarray(row * FEATURES, row * FEATURES + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      return a * b + c + Math.sin(2 * d) + 0.5 * normal();
    });
  const [values, heldOut] = [told(x), told(test)];
  if (task === "value") return { task, x, y: values, test, truth: [...heldOut] };
  // Three of ten rows are of class 1.
  const limit = values.slice().sort()[Math.floor(0.7 * ROWS)]!;
  const classes = Int32Array.from(values, (value) => (value > limit ? 1 : 0));
  return { task, x, y: classes, test, truth: Array.from(heldOut, (value) => (value > limit ? 1 : 0)) };
}

/** The data as files for as long as something reads them. */
export async function withFiles<T>({ x, y, test }: Data, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "edge-ml-bench-"));
  try {
    for (const [name, array] of Object.entries({ x, y, test })) if (array) writeFileSync(join(folder, name), array);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
