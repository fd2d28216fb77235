import { UNITS } from "../config.js";

/** ms between the frames of a stream, when an edge-window by time is wired in front; undefined when nobody can know. */
export function hopBefore(node: object): number | undefined {
  const seen = new Set<object>();
  let layer = [node];
  for (let depth = 0; depth < 5 && layer.length > 0; depth++) {
    const sources = layer.flatMap((target) => RED.nodes.filterLinks({ target }).map((link) => link.source));
    for (const { type, by, hop, hopUnit } of sources) {
      const unit = { ms: 1, ...UNITS }[String(hopUnit) as "ms" | keyof typeof UNITS];
      if (type === "edge-window" && by === "time" && Number(hop) > 0 && unit) return Number(hop) * unit;
    }
    layer = sources.filter((source) => !seen.has(source));
    for (const source of layer) seen.add(source);
  }
  return undefined;
}
