import { describe, EdgeMlError } from "../../errors/index.js";
import { compileSettings } from "../../frame/index.js";
import type { FilterRecipe } from "../../recipe/index.js";
import { bandPass } from "./band-pass.js";
import { bandStop } from "./band-stop.js";
import { decimate } from "./decimate.js";
import { detrend } from "./detrend.js";
import type { Filter } from "./filter.js";
import { highPass } from "./high-pass.js";
import { lowPass } from "./low-pass.js";
import { median } from "./median.js";
import { movingAverage } from "./moving-average.js";
import { notch } from "./notch.js";

/** Every filter, in the order in which the dialog offers them. A new filter is one file and one line here. */
export const filters: readonly Filter[] = [
  lowPass,
  highPass,
  bandPass,
  bandStop,
  notch,
  median,
  movingAverage,
  detrend,
  decimate,
] as unknown as readonly Filter[];

const byId = new Map(filters.map((filter) => [filter.id, { filter, options: compileSettings(filter.options) }]));

/**
 * A filter by its id, with its options checked and filled in.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function chooseFilter(id: unknown, options: object): { filter: Filter; recipe: FilterRecipe } {
  const entry = byId.get(String(id));
  if (!entry) {
    throw new EdgeMlError("EDGE_ML_SETTING", {
      field: "filter",
      got: describe(id),
      expected: `one of ${filters.map((filter) => filter.id).join(", ")}`,
    });
  }
  const checked = entry.options(options) as Record<string, unknown>;
  return { filter: entry.filter, recipe: { filter: entry.filter.id, version: entry.filter.version, options: checked } };
}
