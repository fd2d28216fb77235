import { setTimeout as wait } from "node:timers/promises";
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { describe, EdgeMlError, type ErrorCode } from "../lib/errors/index.js";
import { type Learning, reportOf } from "../lib/learn/index.js";
import type { ModelStore } from "../lib/model/index.js";
import { type LearningView, liveView, type NewestView } from "./view.js";

/** A node that runs. */
export interface Running {
  learning: Learning;
  model: string;
  store: ModelStore;
  /** Reports what nobody waits for any more. */
  fail: (error: unknown) => void;
}

/** What the buttons do: learn now, cancel (what runs, or the collecting), begin anew. */
const COMMANDS = ["train", "stop", "again"] as const;
type Command = (typeof COMMANDS)[number];

/** ms after which a button has its answer, while the training goes on. */
const PATIENCE = 300;

/** The dialog's way to a running node. Nobody gets in without permission, once the editor has a login. */
export function registerRoutes(RED: NodeAPI, find: (node: string) => Running | undefined): void {
  const path = "/edge-ml/learning/:node";
  RED.httpAdmin.get(path, RED.auth.needsPermission("edge-learn.read"), (request: Request, response: Response) =>
    answer(response, () => view(find(nodeOf(request)), String(request.query.known ?? ""))),
  );
  RED.httpAdmin.post(path, RED.auth.needsPermission("edge-learn.write"), (request: Request, response: Response) => {
    const running = find(nodeOf(request));
    if (!running) return void response.sendStatus(404);
    return answer(response, async () => {
      await obey(running, commandOf(request));
      return view(running, "");
    });
  });
}

function nodeOf(request: Request): string {
  return String(request.params.node);
}

/** JSON only: a page from elsewhere can make a browser send a form, but not JSON. */
function commandOf(request: Request): Command {
  const given: unknown = request.is("application/json") ? request.body?.command : undefined;
  const command = COMMANDS.find((each) => each === given);
  if (command) return command;
  const expected = `one of ${COMMANDS.join(", ")}, in a JSON body`;
  throw new EdgeMlError("EDGE_ML_PAYLOAD", { field: "command", got: describe(given), expected });
}

async function obey({ learning, fail }: Running, command: Command): Promise<void> {
  if (command === "again") {
    await learning.command("reset");
    return learning.command("start");
  }
  const work = learning.command(command);
  let waiting = true;
  const late = work.catch((error: unknown) => {
    if (waiting) throw error;
    fail(error);
  });
  await Promise.race([late, wait(PATIENCE)]);
  waiting = false;
}

async function view(running: Running | undefined, known: string): Promise<LearningView> {
  if (!running) return {};
  await running.learning.ready;
  const newest = await newestOf(running, known);
  return { live: liveView(running.learning), ...(newest ? { newest } : {}) };
}

/** @param known the version that the dialog has already: a model is not read again for it */
async function newestOf({ store, model }: Running, known: string): Promise<NewestView | undefined> {
  const [version] = await store.list(model);
  if (version === undefined) return undefined;
  if (version === known) return { version };
  try {
    const { manifest, sha256 } = await store.read(model, version);
    // A model from elsewhere says nothing of how it was learned.
    if (!manifest || manifest.task === "tensors") return { version };
    return { version, report: reportOf({ name: model, version, sha256 }, manifest) };
  } catch (error) {
    return { version, problem: EdgeMlError.from(error).message };
  }
}

function statusOf(code: ErrorCode): number {
  if (code === "EDGE_ML_PAYLOAD") return 400;
  return code.startsWith("EDGE_ML_LEARN_") ? 409 : 500;
}

async function answer(response: Response, work: () => Promise<unknown>): Promise<void> {
  try {
    response.json(await work());
  } catch (error) {
    const { code, message } = EdgeMlError.from(error);
    response.status(statusOf(code)).json({ code, message });
  }
}
