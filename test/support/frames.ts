import type { Msg } from "./runtime.ts";

/** A window message, as edge-window sends it: `rows` of samples, one column per channel. */
export function windowMessage(rows: number[][], overrides: Msg = {}, info: Msg = {}): Msg {
  const channels = info.names ?? Array.from({ length: rows[0]!.length }, (_, i) => `c${i}`);
  return {
    topic: "",
    payload: Float32Array.from(rows.flat()),
    frame: {
      kind: "window",
      shape: [rows.length, rows[0]!.length],
      names: channels,
      stream: "",
      seq: 0,
      start: 0,
      end: 1000,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: {
        version: 1,
        window: { by: "samples", size: rows.length, hop: rows.length, channels, gap: { policy: "mark", limit: 0 } },
      },
      ...info,
    },
    ...overrides,
  };
}
