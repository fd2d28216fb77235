import { describe } from "../errors/index.js";
import type { FrameInfo } from "../frame/index.js";
import { recipeDifference } from "../recipe/index.js";
import type { JournalHeader } from "./journal-format.js";

/** What the frames of one model have in common, from the first of them. */
export function commonOf({ kind, shape, names, recipe }: FrameInfo): JournalHeader {
  return { format: 1, kind, shape: [...shape], frameNames: [...names], recipe: structuredClone(recipe) };
}

/** The first thing in which a frame is not like those before it, in words; undefined when it is. */
export function frameDifference(
  info: FrameInfo,
  common: JournalHeader,
): { field: string; got: string; expected: string } | undefined {
  if (info.kind !== common.kind) return { field: "the kind of frame", got: info.kind, expected: common.kind };
  if (info.shape.join() !== common.shape.join()) {
    return { field: "the shape", got: info.shape.join(" × "), expected: common.shape.join(" × ") };
  }
  const other = common.frameNames.findIndex((name, i) => name !== info.names[i]);
  if (other >= 0) {
    return {
      field: `name ${other + 1}`,
      got: describe(info.names[other]),
      expected: describe(common.frameNames[other]),
    };
  }
  const found = recipeDifference(info.recipe, common.recipe);
  return found && { field: found.field, got: describe(found.got), expected: describe(found.expected) };
}
