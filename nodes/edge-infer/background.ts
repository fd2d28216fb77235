import { setTimeout } from "node:timers/promises";
import type { Message, Send } from "../glue/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { backgroundFrames, type LoadedModel } from "../lib/infer/index.js";
import { type ModelStore, readBackground } from "../lib/model/index.js";
import type { Recipe } from "../lib/recipe/index.js";

/** Frames that are sent at once, and ms until the next ones: the nodes behind have their turn between them. */
const AT_ONCE = 50;
const PAUSE = 10;

/**
 * Sends the background that a model brings as frames of its embedding.
 * @param recipe of the frames that came last, if any did
 * @param isClosed whether to stop
 * @throws EdgeMlError EDGE_ML_MODEL_NOT_FOUND, EDGE_ML_MODEL_BACKGROUND
 */
export async function sendBackground(
  store: ModelStore,
  name: string,
  model: LoadedModel | undefined,
  recipe: Recipe | undefined,
  send: Send,
  isClosed: () => boolean,
): Promise<void> {
  if (!model?.embedding || !model.manifest) throw new EdgeMlError("EDGE_ML_MODEL_NOT_FOUND", { name });
  const { reference, embedding, manifest } = model;
  const { bytes } = await store.read(name, reference.version);
  const frames = backgroundFrames(readBackground(bytes, name), embedding, recipe ?? manifest.input.recipe, Date.now());
  let count = 0;
  for (const { data, info } of frames) {
    if (count > 0 && count % AT_ONCE === 0) await setTimeout(PAUSE);
    if (isClosed()) return;
    count++;
    const message = { topic: info.stream, payload: data, frame: info, model: { ...reference } };
    send([null, null, message as unknown as Message]);
  }
}
