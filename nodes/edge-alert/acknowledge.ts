import type { Message } from "../glue/index.js";
import type { Decider } from "../lib/decide/index.js";
import { describe, EdgeMlError } from "../lib/errors/index.js";
import { streamOf } from "../lib/frame/index.js";

/**
 * Carries out `msg.acknowledge`: an alert's id or a stream; or true, which means the alerts of msg.topic, and without a
 * topic all of them.
 * @throws EdgeMlError EDGE_ML_COMMAND
 */
export function acknowledge(msg: Message, decider: Decider): void {
  const { acknowledge: target, topic } = msg as { acknowledge: unknown; topic?: unknown };
  if (target === true) {
    const stream = streamOf(topic);
    decider.acknowledge(stream === "" ? { all: true } : { stream });
    return;
  }
  if (typeof target === "string" && target !== "") {
    if (decider.acknowledge({ idOrStream: target }) > 0) return;
    throw wrong(target, "the id or the stream of an alert that is raised");
  }
  throw wrong(target, "true, or the id or the stream of an alert that is raised");
}

function wrong(got: unknown, expected: string): EdgeMlError {
  return new EdgeMlError("EDGE_ML_COMMAND", { field: "msg.acknowledge", got: describe(got), expected });
}
