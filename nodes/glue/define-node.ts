import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { EdgeMlError } from "../lib/errors/index.js";
import { deletionOf } from "./deleted.js";
import { Status } from "./status.js";

/** A message as any node may send it. */
export type Message = NodeMessage & Record<string, unknown>;

/** One message, or a list with one entry for each output. */
export type Send = (msg: Message | (Message | Message[] | null)[]) => void;

/** What a node's logic gets to work with. */
export interface NodeContext {
  RED: NodeAPI;
  node: Node;
  status: Status;
  /** A text of the node's own catalog (runtime side). */
  text: (key: string, values?: Record<string, string | number>) => string;
  /** Sends on its own account, without an input message. */
  send: Send;
  /** What Node-RED keeps apart from the flow, encrypted: by the names that the node was defined with. */
  credentials: Readonly<Record<string, string | undefined>>;
  /** Reports an error that no message caused. */
  fail: (error: unknown) => void;
}

export interface NodeOptions {
  /** Settings that are secrets. */
  credentials?: Record<string, { type: "text" | "password" }>;
}

/** What a node does; its settings are checked already. */
export interface NodeLogic {
  /** Throws or rejects with an EdgeMlError; the glue turns it into done(err). */
  input?(msg: Message, send: Send): void | Promise<void>;
  /** @param removed the node was deleted, not only restarted or disabled */
  close?(removed: boolean): void | Promise<void>;
}

/**
 * Registers a node type: settings are checked, every input ends in done(), nothing that a message brings can crash
 * Node-RED, and closing is awaited.
 * @param settings returns the checked settings, or throws an EdgeMlError
 */
export function defineNode<Settings>(
  RED: NodeAPI,
  type: string,
  settings: (raw: object) => Settings,
  create: (context: NodeContext, settings: Settings) => NodeLogic,
  options?: NodeOptions,
): void {
  function construct(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    const status = new Status(this);
    const deleted = deletionOf(RED, this);
    const context: NodeContext = {
      RED,
      node: this,
      status,
      text: (key, values) => RED._(`${NAMESPACE}/${type}:${type}.${key}`, values),
      send: (msg) => this.send(msg as NodeMessage),
      credentials: (this as { credentials?: NodeContext["credentials"] }).credentials ?? {},
      fail: (error) => this.error(EdgeMlError.from(error)),
    };
    let logic: NodeLogic;
    try {
      logic = create(context, settings(definition));
    } catch (error) {
      logic = broken(context, EdgeMlError.from(error));
    }
    this.on("input", (msg, send, done) => {
      // Nothing may escape: an input handler that rejects ends the Node-RED process.
      run(() => logic.input?.(msg as Message, send as Send), done);
    });
    // Node-RED looks at the number of parameters to decide whether to wait.
    this.on("close", (removed: boolean, done: (error?: Error) => void) => {
      run(
        () => logic.close?.(deleted(removed)),
        (error) => {
          status.close();
          done(error);
        },
      );
    });
  }
  RED.nodes.registerType(type, construct, options);
}

const NAMESPACE = "@wirewise/node-red-edge-ml";

/** Runs work that may throw, reject or return at once; a synchronous one costs no promise. */
function run(work: () => void | Promise<void> | undefined, done: (error?: Error) => void): void {
  let result: void | Promise<void> | undefined;
  try {
    result = work();
  } catch (error) {
    done(EdgeMlError.from(error));
    return;
  }
  if (result instanceof Promise) {
    result.then(
      () => done(),
      (error: unknown) => done(EdgeMlError.from(error)),
    );
  } else {
    done();
  }
}

/** A node whose settings are wrong says so once in the log, in its status, and to each message. */
function broken({ node, status }: NodeContext, error: EdgeMlError): NodeLogic {
  status.error(error.code === "EDGE_ML_SETTING" ? "check settings" : "error");
  node.error(error);
  return {
    input() {
      throw error;
    },
  };
}
