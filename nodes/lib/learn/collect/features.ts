import type { FrameInfo } from "../../frame/index.js";

/** What a model calls the numbers of a frame: one name and one channel for each, in their order. */
export interface FeatureNames {
  names: string[];
  /** The channel that the number comes from; null when it comes from several. */
  channels: (string | null)[];
}

/**
 * Names for every number of a frame. Features have their own; in a window, a number is named as the raw block names it:
 * `<channel>` when there is one sample, `<channel> [<sample>]` when there are more.
 */
export function featureNames({
  kind,
  shape,
  names,
  recipe,
}: Pick<FrameInfo, "kind" | "shape" | "names" | "recipe">): FeatureNames {
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const all =
    rows === 1 ? [...names] : Array.from({ length: rows }, (_, row) => names.map((name) => `${name} [${row}]`)).flat();
  if (kind === "window") return { names: all, channels: all.map((_, i) => names[i % names.length]!) };
  // The longest channel that fits: of the channels "fan" and "fan speed", "fan speed mean" comes from the second.
  const known = [...(recipe.window?.channels ?? [])].sort((a, b) => b.length - a.length);
  return {
    names: all,
    channels: all.map((name) => known.find((channel) => name === channel || name.startsWith(`${channel} `)) ?? null),
  };
}
