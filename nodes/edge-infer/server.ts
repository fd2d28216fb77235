import { type LinkEvents, ModelServer, type ModelServerSettings, ServerLink } from "../lib/infer/index.js";
import type { InferSettings } from "./config.js";

/**
 * The link to the model server that a node's settings name; undefined when the model runs here.
 * @throws EdgeMlError EDGE_ML_SETTING
 */
export function serverLink(
  settings: InferSettings,
  token: string | undefined,
  events: LinkEvents,
): ServerLink | undefined {
  if (settings.runs !== "server") return undefined;
  const server: ModelServerSettings = {
    url: settings.serverUrl.trim(),
    model: settings.serverModel.trim(),
    timeoutMs: settings.serverTimeout * 1000,
  };
  const version = settings.serverVersion.trim();
  if (version !== "") server.version = version;
  if (token) server.token = token;
  return new ServerLink(new ModelServer(server), events);
}
