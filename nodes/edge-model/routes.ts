import { basename } from "node:path";
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { bundledModels } from "../glue/bundled.js";
import { modelStore } from "../glue/index.js";
import { examine, type Finding, gatherFacts } from "../lib/doctor/index.js";
import { describe, EdgeMlError, type ErrorCode } from "../lib/errors/index.js";
import {
  checkModelName,
  describeModel,
  filesBeside,
  looseFiles,
  type ModelStore,
  readLooseFile,
} from "../lib/model/index.js";
import { type Added, addModel } from "./add-model.js";
import { receiveFiles } from "./receive-files.js";
import type { ModelSummary, VersionSummary } from "./summary.js";

/** The dialog's way to the model store. Nobody gets in without permission, once the editor has a login. */
export function registerRoutes(RED: NodeAPI): void {
  const read = RED.auth.needsPermission("edge-model.read");
  const write = RED.auth.needsPermission("edge-model.write");
  const { httpAdmin } = RED;
  const models = "/edge-ml/models";
  const version = `${models}/:name/versions/:version`;

  httpAdmin.get(models, read, (_, response) => answer(response, () => summarise(modelStore(RED))));
  httpAdmin.post(`${models}/:name/current`, write, (request: Request, response: Response) =>
    answer(response, async () => {
      const { name, version } = await modelStore(RED).activate(nameOf(request), textOf(request, "version"));
      return { name, version };
    }),
  );
  httpAdmin.get("/edge-ml/bundled-models", read, (_, response) => answer(response, () => bundledModels.names()));
  httpAdmin.get("/edge-ml/doctor", read, (_, response) => answer(response, () => lookAtMachine(RED)));

  httpAdmin.get(version, read, (request: Request, response: Response) =>
    answer(response, async () => {
      const name = `${nameOf(request)}, version ${versionOf(request)}`;
      const { path, bytes } = await modelStore(RED).readFile(nameOf(request), versionOf(request));
      return describeModel(bytes, name, filesBeside(path, name));
    }),
  );
  httpAdmin.get(`${version}/file`, read, (request: Request, response: Response) =>
    answer(response, async () => {
      const { path, bytes } = await modelStore(RED).readFile(nameOf(request), versionOf(request));
      response.attachment(`${nameOf(request)}-${basename(path)}`).type("application/octet-stream");
      response.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }),
  );
  httpAdmin.delete(version, write, (request: Request, response: Response) =>
    answer(response, async () => {
      await modelStore(RED).delete(nameOf(request), versionOf(request));
      return {};
    }),
  );

  httpAdmin.get("/edge-ml/model-files", read, (_, response) =>
    answer(response, () => looseFiles(modelStore(RED).folder)),
  );
  httpAdmin.post(`${models}/:name/versions`, write, (request: Request, response: Response) =>
    answer(response, async () => {
      const { description, version, error } = await add(modelStore(RED), request, response);
      if (error) response.status(STATUS.get(error.code) ?? 500);
      return error ? { code: error.code, message: error.message, description } : { version, description };
    }),
  );
}

let looking: Promise<Finding[]> | undefined;

/** Those who ask meanwhile get the same answer: a model is run for it. */
function lookAtMachine(RED: NodeAPI): Promise<Finding[]> {
  const look = async () => examine(await gatherFacts(modelStore(RED).folder, await RED.version()));
  looking ??= look().finally(() => {
    looking = undefined;
  });
  return looking;
}

/** A file that comes with the request, or one that lies in the models folder already. */
async function add(store: ModelStore, request: Request, response: Response): Promise<Added> {
  const name = nameOf(request);
  try {
    checkModelName(name);
    if (!request.is("application/octet-stream")) {
      const { path, bytes } = await readLooseFile(store.folder, textOf(request, "path"));
      return await addModel(store, name, bytes, filesBeside(path, name));
    }
    const { model, files } = await receiveFiles(request);
    return await addModel(store, name, model, async (location) => {
      const file = files.get(location);
      if (file) return file;
      const reason = `the file with its weights, "${location}", is missing; choose it together with the model, or export it as one file`;
      throw new EdgeMlError("EDGE_ML_MODEL_INVALID", { name, reason });
    });
  } catch (error) {
    // What is left of the body goes unread, and with it the connection.
    response.set("connection", "close");
    request.resume();
    throw error;
  }
}

function nameOf(request: Request): string {
  return String(request.params.name);
}

function versionOf(request: Request): string {
  return String(request.params.version);
}

/** JSON only: a page from elsewhere can make a browser send a form, but not JSON. */
function textOf(request: Request, field: "version" | "path"): string {
  const text: unknown = request.is("application/json") ? request.body?.[field] : undefined;
  if (typeof text === "string") return text;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field, got: describe(text), expected: "a text, in a JSON body" });
}

const STATUS = new Map<ErrorCode, number>([
  ["EDGE_ML_PAYLOAD", 400],
  ["EDGE_ML_MODEL_NAME", 400],
  ["EDGE_ML_MODEL_NOT_FOUND", 404],
  ["EDGE_ML_MODEL_INVALID", 409],
  ["EDGE_ML_MODEL_OPERATORS", 409],
  ["EDGE_ML_MODEL_IN_USE", 409],
  ["EDGE_ML_MODEL_TOO_LARGE", 413],
]);

async function answer(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    const result = await work();
    if (!response.headersSent) response.json(result);
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
