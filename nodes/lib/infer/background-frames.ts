import { EdgeMlError } from "../errors/index.js";
import type { Frame, FrameInfo } from "../frame/index.js";
import type { Background } from "../model/index.js";
import type { Recipe, WindowRecipe } from "../recipe/index.js";
import type { Embedding } from "./embedding.js";

/** Neighbouring rows that are one stream: a hold-out by streams takes some of these, and a cross-validation too. */
const ROWS_OF_STREAM = 40;

/**
 * A model's background as frames of its embedding, each with the label that says what it is. They have no time of their
 * own: each follows the one before, and the last ends now.
 * @param recipe of the frames that go into the network
 * @param now ms since 1970
 * @throws EdgeMlError EDGE_ML_MODEL_BACKGROUND when its rows are not as long as the embedding
 */
export function* backgroundFrames(
  { label, rows, columns, data }: Background,
  embedding: Embedding,
  recipe: Recipe,
  now: number,
): Generator<Frame> {
  const { model } = embedding.recipe;
  if (columns !== embedding.names.length) {
    const reason = `they are ${columns} numbers each, and the embedding is ${embedding.names.length}`;
    throw new EdgeMlError("EDGE_ML_MODEL_BACKGROUND", { name: model, reason });
  }
  const length = lengthOf(recipe.window);
  for (let row = 0; row < rows; row++) {
    const end = now - (rows - 1 - row) * length;
    const info: FrameInfo = {
      kind: "features",
      shape: [columns],
      names: embedding.names as string[],
      stream: `${model} background ${1 + Math.floor(row / ROWS_OF_STREAM)}`,
      seq: row % ROWS_OF_STREAM,
      start: end - length + 1,
      end,
      label,
      quality: { ok: true, reasons: [], missing: 0, filled: 0 },
      recipe: { ...recipe, embedding: embedding.recipe },
    };
    yield { data: data.slice(row * columns, (row + 1) * columns), info };
  }
}

/** ms; a second where the recipe does not say it. */
function lengthOf(window: WindowRecipe | undefined): number {
  if (window?.by === "time") return window.size;
  return window?.rate === undefined ? 1000 : (1000 * window.size) / window.rate;
}
