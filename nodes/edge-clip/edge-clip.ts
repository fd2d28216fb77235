import type { NodeAPI } from "node-red";
import { defineNode, type Message, type NodeContext, type NodeLogic, type Send } from "../glue/index.js";
import { type Clip, Clipper } from "../lib/clip/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readReading, streamOf } from "../lib/frame/index.js";
import { clipMessage } from "./clip-message.js";
import { type ClipSettings, schema } from "./config.js";
import { triggerIn } from "./trigger-in.js";

/** ms: how often it looks for sound that has stopped. */
const SWEEP = 1000;

export = (RED: NodeAPI): void => {
  const readSettings = compileSettings<ClipSettings>(schema);
  defineNode(RED, "edge-clip", (raw) => checked(readSettings(raw)), clip);
};

/** What the schema cannot say. */
function checked(settings: ClipSettings): ClipSettings {
  const { before, after, ends } = settings;
  if (before + after > 0 || ends === "silence") return settings;
  throw new EdgeMlError("EDGE_ML_SETTING", {
    field: "after",
    got: "0",
    expected: "above 0 when there is no sound before",
  });
}

function clip({ status, text, send: sendAlone }: NodeContext, settings: ClipSettings): NodeLogic {
  const { before, after, ends, quiet, level, longest, overlap, maxStreams } = settings;
  const clipper = new Clipper({
    ...{ before: 1000 * before, after: 1000 * after, quiet: 1000 * quiet, longest: 1000 * longest },
    ...{ ends, level, overlap, maxStreams },
  });

  const sendBy =
    (send: Send, cause?: Message) =>
    (taken: Clip): void => {
      const out = clipMessage(taken, settings.format);
      if (cause?._msgid !== undefined) out._msgid = cause._msgid;
      send(out);
    };

  const show = () => {
    const { clips, incomplete, refused } = clipper.counts;
    const { taking } = clipper;
    if (taking > 0) status.busy(text("status.taking", { clips }));
    else if (clipper.streams === 0) status.busy(text("status.waiting"));
    else if (refused > 0) status.warn(text("status.refused", { clips, refused }));
    else if (incomplete > 0) status.warn(text("status.incomplete", { clips, incomplete }));
    else status.ok(text("status.ready", { clips }));
  };

  const timer = setInterval(() => {
    clipper.sweep(Date.now(), sendBy(sendAlone));
    show();
  }, SWEEP);
  timer.unref();
  show();

  return {
    input(msg, send) {
      try {
        if (isReset(msg)) {
          clipper.reset(msg.topic === undefined || msg.topic === "" ? undefined : streamOf(msg.topic));
          return;
        }
        const now = Date.now();
        const trigger = triggerIn(msg, now);
        if (trigger === "ignored") return;
        if (trigger !== undefined) {
          clipper.trigger(trigger, sendBy(send, msg));
          return;
        }
        const reading = readReading(msg, now);
        clipper.push(reading, sendBy(send, msg), now);
        if (reading.trigger === true) {
          clipper.trigger({ stream: reading.stream, time: reading.time, cause: undefined }, sendBy(send, msg));
        }
      } finally {
        show();
      }
    },
    close() {
      clearInterval(timer);
    },
  };
}

/** @throws EdgeMlError EDGE_ML_COMMAND */
function isReset({ reset }: Message): boolean {
  if (reset === undefined || reset === null || reset === false) return false;
  if (reset === true) return true;
  throw new EdgeMlError("EDGE_ML_COMMAND", { field: "msg.reset", got: describe(reset), expected: "true" });
}
