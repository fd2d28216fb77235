import type { Recipe, WindowRecipe } from "../../recipe/index.js";

/** What a frame of a recipe holds, for example "windows of 256 samples of x, y, z at 100 Hz; features: flatten". */
export function recipeInWords({ window, filters = [], features = [], embedding }: Recipe): string | undefined {
  const parts = [
    window && windowInWords(window),
    filters.length > 0 && `filters: ${listed(filters.map(({ filter }) => filter))}`,
    features.length > 0 && `features: ${listed(features.map(({ block }) => block))}`,
    embedding && `the embedding of ${embedding.model}`,
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? parts.join("; ") : undefined;
}

const MAX_LISTED = 12;

function windowInWords({ by, size, channels = [], rate, trigger }: WindowRecipe): string {
  const length = by === "time" ? `${size / 1000} s` : `${size} samples`;
  const of = channels.length > 0 ? ` of ${listed(channels)}` : "";
  return `windows of ${length}${of}${rate === undefined ? "" : ` at ${rate} Hz`}${trigger ? ", one for each event" : ""}`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
