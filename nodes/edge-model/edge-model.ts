import type { NodeAPI } from "node-red";
import { withBundled } from "../glue/bundled.js";
import { defineNode, type ModelNode, modelStore } from "../glue/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { MODEL_NAME, MODEL_NAME_RULE } from "../lib/model/index.js";
import type { ModelSettings } from "./config.js";
import { registerRoutes } from "./routes.js";

export = (RED: NodeAPI): void => {
  registerRoutes(RED);
  defineNode(RED, "edge-model", readSettings, ({ node, fail }, settings) => {
    (node as ModelNode).model = settings.model;
    withBundled(modelStore(RED), settings.model).catch(fail);
    return {};
  });
};

function readSettings(raw: { model?: unknown }): ModelSettings {
  const { model } = raw;
  if (typeof model === "string" && MODEL_NAME.test(model)) return { model };
  throw new EdgeMlError("EDGE_ML_SETTING", { field: "model", got: describe(model), expected: MODEL_NAME_RULE });
}
