import type { Message } from "../glue/index.js";
import { EdgeMlError } from "../lib/errors/index.js";
import { type Alert, readReading, streamOf } from "../lib/frame/index.js";

/** A trigger that is no sound; its time undefined means now. */
export interface TriggerMessage {
  stream: string;
  time: number | undefined;
  cause: Alert | undefined;
}

/**
 * The trigger that a message is: an alert that was raised, or msg.trigger without sound. "ignored": an alert that has
 * been cleared, or raised before (a reminder). Undefined: no trigger.
 * @throws EdgeMlError EDGE_ML_PAYLOAD
 */
export function triggerIn(msg: Message, now: number): TriggerMessage | "ignored" | undefined {
  try {
    return read(msg, now);
  } catch (error) {
    throw EdgeMlError.reading(error, "EDGE_ML_PAYLOAD", "msg.payload");
  }
}

function read(msg: Message, now: number): ReturnType<typeof triggerIn> {
  const { payload, event } = msg;
  const found = alertIn(payload);
  if (found !== undefined) {
    const { alert, state, stream, since } = found;
    const isNew = state === "raised" && (event === undefined || event === "raised");
    return isNew ? { stream: streamOf(stream ?? msg.topic), time: since, cause: alert } : "ignored";
  }
  if (msg.trigger !== true || Array.isArray(payload) || ArrayBuffer.isView(payload)) return undefined;
  const { stream, time, timed } = readReading({ payload: 0, topic: msg.topic, timestamp: msg.timestamp }, now);
  return { stream, time: timed ? time : undefined, cause: undefined };
}

/** What of an alert counts here; each field is looked at once. */
function alertIn(payload: unknown): (Pick<Alert, "state" | "stream" | "since"> & { alert: Alert }) | undefined {
  if (typeof payload !== "object" || payload === null || ArrayBuffer.isView(payload)) return undefined;
  const { state, stream, since } = payload as Alert;
  const isAlert = (state === "raised" || state === "cleared") && Number.isFinite(since);
  return isAlert ? { state, stream, since, alert: payload as Alert } : undefined;
}
