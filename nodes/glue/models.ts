import { join } from "node:path";
import type { Node, NodeAPI } from "node-red";
import { EdgeMlError } from "../lib/errors/index.js";
import { SharedRunners } from "../lib/infer/index.js";
import { ModelStore } from "../lib/model/index.js";

/** What an edge-model config node is, once its settings were found right. */
export interface ModelNode extends Node {
  model?: string;
}

const stores = new Map<string, ModelStore>();

/** The model store of this Node-RED: `<userDir>/edge-ml/models`. One per process and folder. */
export function modelStore(RED: NodeAPI): ModelStore {
  const folder = join(RED.settings.userDir ?? process.cwd(), "edge-ml", "models");
  const known = stores.get(folder);
  if (known) return known;
  const store = new ModelStore(folder, { watch: true });
  store.on("problem", (_, error) => RED.log.warn(error.message));
  store.clean().catch((error: unknown) => RED.log.warn(EdgeMlError.from(error).message));
  stores.set(folder, store);
  return store;
}

const runners = new WeakMap<ModelStore, SharedRunners>();

/** The runners of a store's models: nodes of one Node-RED that run the same version share its session. */
export function runnersOf(store: ModelStore): SharedRunners {
  const known = runners.get(store) ?? new SharedRunners();
  runners.set(store, known);
  return known;
}

/**
 * The model that a node's setting "model", the id of an edge-model config node, names.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function modelOf(RED: NodeAPI, configNodeId: unknown): { name: string; store: ModelStore } {
  const node = typeof configNodeId === "string" && configNodeId !== "" ? RED.nodes.getNode(configNodeId) : undefined;
  if (node?.type !== "edge-model") throw wrong("missing", "an edge-model");
  const name = (node as ModelNode).model;
  if (name === undefined) throw wrong("an edge-model without a valid name", "one that names a model");
  return { name, store: modelStore(RED) };
}

function wrong(got: string, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_SETTING", { field: "model", got, expected });
}
