/**
 * A real Node-RED, embedded in the test's process, with our nodes loaded from dist/ the way an installed package is.
 * EDGE_ML_NODE_RED chooses the line: "node-red" (5) or "node-red-4".
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedNodeRed, type FlowNode } from "../../scripts/lib/embedded-node-red.ts";
import { ROOT } from "../../scripts/lib/project.ts";

export type { FlowNode };
export { ROOT };

// biome-ignore lint/suspicious/noExplicitAny: a message holds anything
export type Msg = Record<string, any>;

export interface Completion {
  node: string;
  msg: Msg;
  /** Undefined when the node called done() without an error. */
  error?: { code?: string; message: string; details?: Record<string, unknown> };
}

export interface Runtime {
  url: string;
  userDir: string;
  /** Node-RED's own API. */
  // biome-ignore lint/suspicious/noExplicitAny: there are no typings for it
  RED: any;
  /** Stops the running flow and starts this one; what was collected is forgotten. Coordinates are added. */
  deploy(flow: FlowNode[], options?: { keepState?: boolean }): Promise<void>;
  /** Hands a message to a node's input. */
  send(node: string, msg: Msg): void;
  /** Hands a message to a node's input and waits until it calls done(). */
  sendAndWait(node: string, msg: Msg): Promise<Completion>;
  /** The messages that arrived at a sink: a node of type "test-sink" in the flow. */
  received(sink: string): Msg[];
  /** Waits until a sink has `count` messages. */
  receive(sink: string, count?: number, timeout?: number): Promise<Msg[]>;
  /** Every done() since the flow started. */
  completions(node?: string): Completion[];
  /** The last status of a node. */
  status(node: string): { fill?: string; shape?: string; text?: string } | undefined;
  /** What nodes reported through node.error() and node.warn() without a message's done(). */
  log(): { level: number; id?: string; msg: unknown }[];
  stop(): Promise<void>;
}

/** Starts Node-RED once; use it for all tests of a file (a process can start it only once). */
export async function startRuntime(options: { userDir?: string; settings?: object } = {}): Promise<Runtime> {
  const userDir = options.userDir ?? mkdtempSync(join(tmpdir(), "edge-ml-test-"));
  const completions: Completion[] = [];
  const waiting = new Map<string, (completion: Completion) => void>();
  const statuses = new Map<string, object>();
  const sinks = new Map<string, Msg[]>();
  const logged: { level: number; id?: string; msg: unknown }[] = [];
  const wakers = new Set<() => void>();
  let nextMessage = 0;

  const handler = () => (entry: { level: number; id?: string; msg: unknown }) => {
    logged.push(entry);
  };
  const embedded = await embedNodeRed(
    process.env.EDGE_ML_NODE_RED ?? "node-red-4",
    userDir,
    [join(ROOT, "test/support/nodes")],
    { logging: { console: { level: "off" }, test: { level: "warn", handler } }, ...options.settings },
  );
  const { RED } = embedded;
  RED.events.on("test-sink:open", (id: string) => sinks.set(id, []));
  RED.events.on("test-sink:message", (id: string, msg: Msg) => {
    sinks.get(id)?.push(msg);
    for (const wake of [...wakers]) wake();
  });
  RED.hooks.add("onComplete.test", (event: { msg: Msg; node: { id: string }; error?: Completion["error"] }) => {
    const completion: Completion = { node: event.node.id, msg: event.msg };
    if (event.error) completion.error = event.error;
    completions.push(completion);
    if (completions.length > 50_000) completions.splice(0, 25_000);
    const key = `${event.node.id}/${event.msg?._msgid}`;
    waiting.get(key)?.(completion);
    waiting.delete(key);
  });
  RED.events.on("node-status", (event: { id: string; status: object }) => statuses.set(event.id, event.status));

  const send = (id: string, msg: Msg) => {
    const node = RED.nodes.getNode(id);
    if (!node) throw new Error(`The flow has no running node "${id}"`);
    node.receive(msg);
  };

  return {
    url: embedded.url,
    userDir,
    RED,
    async deploy(flow) {
      completions.length = 0;
      statuses.clear();
      sinks.clear();
      logged.length = 0;
      await embedded.deploy(flow);
    },
    send,
    sendAndWait(id, msg) {
      msg._msgid ??= `test-${nextMessage++}`;
      return new Promise((done, fail) => {
        const timer = setTimeout(() => fail(new Error(`${id} did not call done() within 10 s`)), 10_000);
        waiting.set(`${id}/${msg._msgid}`, (completion) => {
          clearTimeout(timer);
          done(completion);
        });
        send(id, msg);
      });
    },
    received: (sink) => sinks.get(sink) ?? [],
    receive(sink, count = 1, timeout = 10_000) {
      return new Promise((done, fail) => {
        const check = () => {
          const messages = sinks.get(sink) ?? [];
          if (messages.length < count) return;
          wakers.delete(check);
          clearTimeout(timer);
          done(messages);
        };
        const timer = setTimeout(() => {
          wakers.delete(check);
          fail(new Error(`${sink} got ${sinks.get(sink)?.length ?? 0} of ${count} messages within ${timeout} ms`));
        }, timeout);
        wakers.add(check);
        check();
      });
    },
    completions: (id) => (id === undefined ? completions : completions.filter((completion) => completion.node === id)),
    status: (id) => statuses.get(id),
    log: () => logged,
    async stop() {
      await embedded.stop();
      if (options.userDir === undefined) rmSync(userDir, { recursive: true, force: true });
    },
  };
}

/** Waits until `condition` holds, looking every 20 ms. */
export async function until(condition: () => boolean, what: string, timeout = 10_000): Promise<void> {
  const end = Date.now() + timeout;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not within ${timeout} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
