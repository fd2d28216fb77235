import { DriftMonitor, summariseFeatures } from "../../../nodes/lib/drift/index.ts";
import type { Frame, FrameInfo } from "../../../nodes/lib/frame/index.ts";
import { gaussian as normal } from "../learn/support.ts";

export { normal };

/** A matrix of one feature. */
export function column(values: readonly number[]) {
  return { rows: values.length, columns: 1, data: Float32Array.from(values) };
}

/** Normal numbers of variance 1, each like the one before: x ← ρ x + √(1 − ρ²) e. */
export function ar(seed: number, rho: number): () => number {
  const next = normal(seed);
  let x = next();
  return () => {
    x = rho * x + Math.sqrt(1 - rho * rho) * next();
    return x;
  };
}

export type Row = () => Float32Array;

/** Rows of so many features, each a source of its own. */
export function rowsOf(sources: readonly (() => number)[]): Row {
  return () => Float32Array.from(sources, (source) => source());
}

/** A monitor of a model that learned from the next rows. */
export function monitorOf(next: Row, rows: number, more: { stride?: number; hop?: number } = {}): DriftMonitor {
  const { stride = 1, hop } = more;
  const kept: Float32Array[] = [];
  for (let i = 0; i < rows * stride; i++) {
    const row = next();
    if (i % stride === 0) kept.push(row);
  }
  const columns = kept[0]!.length;
  const data = new Float32Array(rows * columns);
  for (const [i, row] of kept.entries()) data.set(row, i * columns);
  const bins = summariseFeatures({ rows, columns, data })!;
  return DriftMonitor.of({
    frames: rows,
    stride,
    features: bins.map((each, i) => ({ name: `f${i}`, bins: each })),
    ...(hop ? { hop: { by: "samples", size: hop } } : {}),
  })!;
}

export function frame(data: Float32Array, info: Partial<FrameInfo> = {}): Frame {
  return {
    data,
    info: {
      kind: "features",
      shape: [data.length],
      names: [],
      stream: "",
      seq: 0,
      start: 1000,
      end: 2000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { version: 1 },
      ...info,
    },
  };
}
