import { describe, EdgeMlError } from "../../errors/index.js";
import { compile, type FrameInfo } from "../../frame/index.js";
import { recipeDifference } from "../../recipe/index.js";
import type { JournalHeader } from "./journal-format.js";

/**
 * What the frames of one model have in common, from the first of them. A copy, as it goes to the disk.
 * @throws EdgeMlError EDGE_ML_FRAME when the recipe is no plain JSON
 */
export function commonOf({ kind, shape, names, recipe }: FrameInfo): JournalHeader {
  try {
    const copy = JSON.parse(JSON.stringify(recipe)) as FrameInfo["recipe"];
    return { format: 1, kind, shape: [...shape], frameNames: [...names], recipe: validRecipe(copy) };
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_FRAME", "msg.frame.recipe");
  }
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
  const found = recipeFound(info, common);
  return found && { field: found.field, got: describe(found.got), expected: describe(found.expected) };
}

function recipeFound(info: FrameInfo, common: JournalHeader): ReturnType<typeof recipeDifference> {
  try {
    return recipeDifference(info.recipe, common.recipe);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_FRAME", "msg.frame.recipe");
  }
}

/** The parts of a recipe that learning reads. */
const validRecipe = compile<FrameInfo["recipe"]>(
  {
    type: "object",
    required: ["version"],
    properties: {
      version: { const: 1 },
      window: {
        type: "object",
        required: ["channels"],
        properties: { channels: { type: "array", items: { type: "string" } } },
      },
      features: { type: "array", items: { type: "object" } },
    },
  },
  "EDGE_ML_FRAME",
  "msg.frame.recipe",
);
