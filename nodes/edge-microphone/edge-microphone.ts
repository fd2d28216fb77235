import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic } from "../glue/index.js";
import { Capture, type Example, Examples } from "../lib/capture/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { captureOptions, microphoneSettings } from "./capture-options.js";
import type { MicrophoneSettings } from "./config.js";
import { serveExamples } from "./example-routes.js";
import { type RunningMicrophone, serveMicrophones } from "./routes.js";
import { MicrophoneStatus } from "./show-status.js";

export = (RED: NodeAPI): void => {
  /** By node id. */
  const running = new Map<string, Running>();
  serveMicrophones(RED, (node) => running.get(node)?.capture);
  serveExamples(RED, (node) => running.get(node)?.examples);
  defineNode(RED, "edge-microphone", microphoneSettings, (context, settings) => create(context, settings, running));
};

/** A node that is deployed. */
interface Running {
  capture: RunningMicrophone;
  examples: Examples;
}

function create(
  { RED, node, status, text, send, fail }: NodeContext,
  settings: MicrophoneSettings,
  running: Map<string, Running>,
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
  const examples = new Examples(capture, settings.exampleWindow, (example) => send([null, messageOf(example)]));
  const own: Running = { capture, examples };
  running.set(node.id, own);

  const start = () => capture.start();
  // Not before: the nodes behind this one may not be there yet.
  if (settings.begin === "deploy") RED.events.once("flows:started", start);
  show();

  return {
    async input(msg) {
      if (msg.record !== undefined) {
        await examples.record(labelOf(msg.record));
        await examples.send();
        return;
      }
      switch (commandOf(msg.payload)) {
        case "start":
          return capture.start();
        case "stop":
          return capture.stop();
      }
    },
    async close() {
      RED.events.removeListener("flows:started", start);
      if (running.get(node.id) === own) running.delete(node.id);
      examples.close();
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

/** The label in `msg.record`, whatever that is. */
function labelOf(record: unknown): unknown {
  if (typeof record !== "object" || record === null) return record;
  try {
    return Object.hasOwn(record, "label") ? (record as { label: unknown }).label : undefined;
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_COMMAND", "msg.record");
  }
}

/** Each example is a stream of its own, so that a hold-out by streams takes whole examples. */
function messageOf({ id, label, pcm, rate, channels, timestamp }: Example): Message {
  const msg: Message = { topic: id, payload: pcm, rate, timestamp, label };
  if (channels > 1) msg.channels = channels;
  return msg;
}
