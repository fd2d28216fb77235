import type { Message } from "./define-node.js";

/** The message with these fields set: itself, or a copy of it when its sender froze it. */
export function withFields(msg: Message, fields: Record<string, unknown>): Message {
  return Object.assign(Object.isFrozen(msg) ? { ...msg } : msg, fields);
}
