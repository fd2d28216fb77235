import type { NodeAPI } from "node-red";
import { defineNode, type Message } from "../glue/index.js";
import { Windower } from "../lib/dsp/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { compileSettings, readReading, streamOf } from "../lib/frame/index.js";
import { schema, type WindowSettings } from "./config.js";
import { windowOptions } from "./options.js";
import { WindowStatus } from "./window-status.js";

/**
 * Each node of this process counts its samples from a number of its own: nobody who compares windows by their position
 * takes one for one that another node made, or the same node before it was deployed anew.
 */
const POSITIONS_OF_A_NODE = 2 ** 40;
const NODES = 2 ** 13;
let nodes = 0;

/** ms: how often a node looks for streams that have been silent for too long. */
const MOST_OFTEN = 1000;
const LEAST_OFTEN = 60_000;

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-window", compileSettings<WindowSettings>(schema), ({ status, text }, settings) => {
    const options = windowOptions(settings);
    const windower = new Windower(options, (nodes++ % NODES) * POSITIONS_OF_A_NODE);
    const isJoined = settings.align !== "off";
    const shown = new WindowStatus(status, text, windower);
    const timer = watchIdle(windower, () => shown.idle());

    return {
      input(msg, send) {
        if (isReset(msg)) {
          windower.reset(msg.topic === undefined || msg.topic === "" ? undefined : streamOf(msg.topic));
          shown.reset();
          return;
        }
        if (msg.trigger === true && msg.payload === undefined) {
          windower.trigger(streamOf(msg.topic));
          return;
        }
        const now = Date.now();
        const reading = readReading(msg, now);
        shown.before();
        let good: boolean | undefined;
        try {
          windower.push(
            reading,
            ({ data, info }) => {
              good = info.quality.ok && good !== false;
              const out: Message = { payload: data, frame: info };
              if (msg.topic !== undefined && !isJoined) out.topic = msg.topic;
              if (msg._msgid !== undefined) out._msgid = msg._msgid;
              send(out);
            },
            now,
          );
        } finally {
          shown.after(reading.stream, good);
        }
      },
      close() {
        clearInterval(timer);
      },
    };
  });
};

/** Frees what silent streams hold, even if no message comes any more. */
function watchIdle(windower: Windower, onForgotten: () => void): NodeJS.Timeout | undefined {
  const { idle } = windower.plan;
  if (idle === 0) return undefined;
  const look = () => {
    const { streams } = windower;
    windower.forgetIdle(Date.now());
    if (windower.streams < streams) onForgotten();
  };
  const timer = setInterval(look, Math.min(LEAST_OFTEN, Math.max(MOST_OFTEN, idle / 2)));
  timer.unref();
  return timer;
}

/** @throws EdgeMlError EDGE_ML_COMMAND */
function isReset({ reset }: Message): boolean {
  if (reset === undefined || reset === null || reset === false) return false;
  if (reset === true) return true;
  throw new EdgeMlError("EDGE_ML_COMMAND", { field: "msg.reset", got: describe(reset), expected: "true" });
}
