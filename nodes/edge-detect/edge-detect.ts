import type { NodeAPI } from "node-red";
import { defineNode, type Message, type Status, statePath, withFields } from "../glue/index.js";
import { AnomalyDetection, type Detected, readSavedDetection } from "../lib/detect/index.js";
import { StateFile } from "../lib/files/index.js";
import { readFrame, readReading, streamOf } from "../lib/frame/index.js";
import { detectSettings } from "./detect-settings.js";
import { reset } from "./reset.js";

/** What was learned is written so often, in ms: it changes with every reading. */
const SAVE_EVERY = 60_000;

export = (RED: NodeAPI): void => {
  defineNode(RED, "edge-detect", detectSettings, ({ node, status, fail }, settings) => {
    const detection = new AnomalyDetection(settings);
    const file = new StateFile(statePath(RED, "detectors", node.id), readSavedDetection, fail, SAVE_EVERY);
    try {
      const saved = file.read();
      if (saved) detection.restore(saved);
    } catch (error) {
      fail(error);
    }
    status.busy("waiting for readings");

    return {
      input(msg, send) {
        if (msg.reset !== undefined) {
          reset(msg, detection);
          status.busy("waiting for readings");
        } else {
          const detected =
            msg.frame === undefined
              ? detection.push(readReading(msg, Date.now()))
              : detection.pushFrame(readFrame(msg));
          if (detected.length > 0) send([resultMessages(msg, detected)]);
          show(status, detection, msg, detected.at(-1));
        }
        file.save(() => detection.save());
      },
      async close(removed) {
        if (removed) return file.remove();
        await file.flush();
      },
    };
  });
};

/** The message with the result in place of the reading; of a chunk, one for each of its samples. */
function resultMessages(msg: Message, detected: readonly Detected[]): Message[] {
  return detected.map(({ payload, frame }, i) => {
    const result = { topic: frame.stream, payload, frame };
    return withFields(i === detected.length - 1 ? msg : { ...msg }, result);
  });
}

function show(status: Status, detection: AnomalyDetection, msg: Message, last: Detected | undefined): void {
  const { scored, anomalous, bad } = detection.counts;
  const counted = `${scored}${bad > 0 ? `, ${bad} bad` : ""}`;
  const stream = last?.frame.stream ?? streamOf(msg.topic);
  const warmUp = detection.warmUp(stream);
  if (last?.payload.score === null) status.warn(counted);
  else if (last?.payload.kind === "anomaly" && last.payload.anomalous) {
    status.alarm(`anomaly${stream === "" ? "" : `: ${stream.slice(0, 14)}`}`);
  } else if (warmUp) status.busy(`warming up ${warmUp.done}${warmUp.needed === undefined ? "" : `/${warmUp.needed}`}`);
  else if (detection.evicted > 0) status.warn(`${counted}, ${detection.evicted} streams dropped`);
  else status.ok(`${counted} · ${anomalous} anomalous`);
}
