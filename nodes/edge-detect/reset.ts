import type { Message } from "../glue/index.js";
import type { AnomalyDetection } from "../lib/detect/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { streamOf } from "../lib/frame/index.js";

/**
 * Carries out `msg.reset`: a stream; or true, which means the stream of msg.topic, and without a topic all of them.
 * @throws EdgeMlError EDGE_ML_COMMAND
 */
export function reset(msg: Message, detection: AnomalyDetection): void {
  const { reset: target, topic } = msg as { reset: unknown; topic?: unknown };
  if (target === true) {
    const stream = streamOf(topic);
    detection.reset(stream === "" ? undefined : stream);
    return;
  }
  if (typeof target === "string" && target !== "") {
    detection.reset(target);
    return;
  }
  throw new EdgeMlError("EDGE_ML_COMMAND", {
    field: "msg.reset",
    got: describe(target),
    expected: "true, or the name of a stream",
  });
}
