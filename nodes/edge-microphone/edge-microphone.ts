import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic } from "../glue/index.js";
import { Capture } from "../lib/capture/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { captureOptions, microphoneSettings } from "./capture-options.js";
import type { MicrophoneSettings } from "./config.js";
import { type RunningMicrophone, serveMicrophones } from "./routes.js";
import { MicrophoneStatus } from "./show-status.js";

export = (RED: NodeAPI): void => {
  /** By node id. */
  const running = new Map<string, RunningMicrophone>();
  serveMicrophones(RED, (node) => running.get(node));
  defineNode(RED, "edge-microphone", microphoneSettings, (context, settings) => create(context, settings, running));
};

function create(
  { RED, node, status, text, send, fail }: NodeContext,
  settings: MicrophoneSettings,
  running: Map<string, RunningMicrophone>,
): NodeLogic {
  const says = new MicrophoneStatus(status, text);
  const show = () => says.show(capture.state, capture.level, capture.counts);
  const capture = new Capture(captureOptions(settings), {
    chunk({ pcm, rate, channels, timestamp }) {
      const msg: Message = { topic: settings.topic, payload: pcm, rate, timestamp };
      if (channels > 1) msg.channels = channels;
      send(msg);
    },
    state: show,
    level: show,
    fault: fail,
  });
  running.set(node.id, capture);

  const start = () => capture.start();
  // Not before: the nodes behind this one may not be there yet.
  if (settings.begin === "deploy") RED.events.once("flows:started", start);
  show();

  return {
    async input(msg) {
      switch (commandOf(msg.payload)) {
        case "start":
          return capture.start();
        case "stop":
          return capture.stop();
      }
    },
    async close() {
      RED.events.removeListener("flows:started", start);
      if (running.get(node.id) === capture) running.delete(node.id);
      await capture.stop();
    },
  };
}

function commandOf(payload: unknown): "start" | "stop" {
  const word = typeof payload === "string" ? payload.trim().toLowerCase() : undefined;
  if (word === "start" || word === "stop") return word;
  throw new EdgeMlError("EDGE_ML_COMMAND", {
    field: "msg.payload",
    got: describe(payload),
    expected: '"start" or "stop"',
  });
}
