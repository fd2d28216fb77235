import { EdgeMlError } from "../errors/index.js";
import { mixToMono } from "../sound/index.js";
import type { Reading } from "./reading.js";

/** What channels are called that came without names. */
export function unnamedChannels(count: number): string[] {
  return count === 1 ? ["value"] : Array.from({ length: count }, (_, i) => `value ${i + 1}`);
}

/**
 * The numbers of a reading without names, [moments, columns] row-major, for who has so many channels. A reading that says
 * how many it has must have as many, or is mixed to mono for who has one.
 * @throws EdgeMlError EDGE_ML_PAYLOAD
 */
export function interleaved({ values, channels }: Reading, columns: number): Float64Array | Float32Array {
  if (channels === undefined || channels === columns) return values.values;
  if (columns === 1) return mixToMono(values.values, channels);
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "msg.payload",
    got: `sound of ${channels} ${channels === 1 ? "channel" : "channels"}`,
    expected: `${columns} channels, as this node has them, or set one channel in the node, to mix them`,
  });
}
