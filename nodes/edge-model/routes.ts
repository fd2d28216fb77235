import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { modelStore } from "../glue/index.js";
import { describe, EdgeMlError, type ErrorCode } from "../lib/errors/index.js";
import type { ModelStore } from "../lib/model/index.js";
import type { ModelSummary, VersionSummary } from "./summary.js";

/** The dialog's way to the model store. Nobody gets in without permission, once the editor has a login. */
export function registerRoutes(RED: NodeAPI): void {
  RED.httpAdmin.get("/edge-ml/models", RED.auth.needsPermission("edge-model.read"), (_, response) =>
    answer(response, () => summarise(modelStore(RED))),
  );
  RED.httpAdmin.post(
    "/edge-ml/models/:name/current",
    RED.auth.needsPermission("edge-model.write"),
    (request: Request, response: Response) =>
      answer(response, async () => {
        const { name, version } = await modelStore(RED).activate(String(request.params.name), versionOf(request));
        return { name, version };
      }),
  );
}

/** JSON only: a page from elsewhere can make a browser send a form, but not JSON. */
function versionOf(request: Request): string {
  const version: unknown = request.is("application/json") ? request.body?.version : undefined;
  if (typeof version === "string") return version;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", {
    field: "version",
    got: describe(version),
    expected: "a text, in a JSON body",
  });
}

const STATUS = new Map<ErrorCode, number>([
  ["EDGE_ML_PAYLOAD", 400],
  ["EDGE_ML_MODEL_NAME", 400],
  ["EDGE_ML_MODEL_NOT_FOUND", 404],
  ["EDGE_ML_MODEL_INVALID", 409],
  ["EDGE_ML_MODEL_TOO_LARGE", 409],
]);

async function answer(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    response.json(await work());
  } catch (error) {
    const { code, message } = EdgeMlError.from(error);
    response.status(STATUS.get(code) ?? 500).json({ code, message });
  }
}

async function summarise(store: ModelStore): Promise<ModelSummary[]> {
  const models: ModelSummary[] = [];
  // One after the other: each is read whole, and they may be large.
  for (const name of await store.names()) {
    const versions: VersionSummary[] = [];
    for (const version of await store.list(name)) versions.push(await summariseVersion(store, name, version));
    const current = (await store.current(name).catch(() => undefined))?.version;
    models.push(current === undefined ? { name, versions } : { name, current, versions });
  }
  return models;
}

async function summariseVersion(store: ModelStore, name: string, version: string): Promise<VersionSummary> {
  try {
    const { manifest } = await store.read(name, version);
    if (!manifest) return { version, learned: false };
    const { created, task, training, threshold } = manifest;
    const summary = { version, learned: true, created, task, method: training.method, frames: training.frames };
    if (!threshold) return summary;
    return { ...summary, threshold: threshold.value, falseAlarmsPerDay: threshold.falseAlarmsPerDay };
  } catch (error) {
    const { details, message } = EdgeMlError.from(error);
    return { version, learned: false, problem: String(details.reason ?? message) };
  }
}
