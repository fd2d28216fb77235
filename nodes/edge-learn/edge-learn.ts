import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic } from "../glue/index.js";
import { modelOf } from "../glue/models.js";
import { readFrame } from "../lib/frame/index.js";
import { journalBase, Learning, readLearnCommand, reportOf } from "../lib/learn/index.js";
import type { LearnSettings } from "./config.js";
import { learningSettings, readSettings } from "./learning-settings.js";
import { type Running, registerRoutes } from "./routes.js";
import { showStatus } from "./show-status.js";

const { name, version } = require("../../package.json") as { name: string; version: string };

export = (RED: NodeAPI): void => {
  const running = new Map<string, Running>();
  registerRoutes(RED, (id) => running.get(id));
  defineNode(RED, "edge-learn", readSettings, (context, settings) => learn(context, settings, running));
};

function learn(context: NodeContext, settings: LearnSettings, running: Map<string, Running>): NodeLogic {
  const { RED, node, send, fail } = context;
  const { name: model, store } = modelOf(RED, settings.model);
  const folder = join(RED.settings.userDir ?? process.cwd(), "edge-ml", "learning");
  const learning = new Learning({
    settings: learningSettings(settings, model, { name, version }),
    base: journalBase(folder, node.id),
    store,
  });
  running.set(node.id, { learning, model, store, fail });
  learning.on("change", () => showStatus(context, learning));
  learning.on("problem", (error) => {
    showStatus(context, learning);
    fail(error);
  });
  learning.on("learned", ({ version, sha256 }, manifest) => {
    send({ topic: model, payload: reportOf({ name: model, version, sha256 }, manifest) });
  });
  let ready = false;
  learning.ready.then(
    () => {
      ready = true;
    },
    (error: unknown) => fail(error),
  );
  return {
    input(msg) {
      if (msg.learn !== undefined) {
        const command = readLearnCommand(msg.learn);
        return learning.command(command).then(() => {
          if (msg.frame !== undefined) learning.add(readFrame(msg));
        });
      }
      if (isEnd(msg)) return learning.ended();
      const frame = readFrame(msg);
      if (ready) {
        learning.add(frame);
        return undefined;
      }
      // What is on disk comes first.
      return learning.ready.then(() => learning.add(frame));
    },
    close(removed) {
      running.delete(node.id);
      return learning.close(removed);
    },
  };
}

/** Whether a message says that a recording that is played has ended: what edge-replay sends on its second output. */
function isEnd({ frame, payload }: Message): boolean {
  if (frame !== undefined || typeof payload !== "object" || payload === null) return false;
  try {
    return Object.hasOwn(payload, "event") && (payload as { event: unknown }).event === "end";
  } catch {
    // A proxy that throws is no frame either, and readFrame says so.
    return false;
  }
}
