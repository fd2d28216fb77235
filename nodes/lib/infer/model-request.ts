import { describe, EdgeMlError } from "../errors/index.js";

/** What a message asks for: the version before the one in use, or a certain one. */
export type ModelRequest = { rollback: true } | { use: string };

/**
 * What `msg.model` asks for, or undefined when it asks for nothing: results carry their model there, too.
 * @throws EdgeMlError EDGE_ML_COMMAND
 */
export function readModelRequest(model: unknown): ModelRequest | undefined {
  if (typeof model !== "object" || model === null) return undefined;
  const { rollback, use } = model as { rollback?: unknown; use?: unknown };
  if (rollback === undefined && use === undefined) return undefined;
  if (rollback === true && use === undefined) return { rollback };
  if (rollback === undefined && (typeof use === "string" || typeof use === "number")) return { use: String(use) };
  const [field, got] = use === undefined ? ["msg.model.rollback", rollback] : ["msg.model.use", use];
  const expected = "true as rollback, or a version as use, not both";
  throw new EdgeMlError("EDGE_ML_COMMAND", { field, got: describe(got), expected });
}
