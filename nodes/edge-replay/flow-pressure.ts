import { setImmediate as turn } from "node:timers/promises";
import type { NodeAPI } from "node-red";

/** What Node-RED's message hooks hand over, as far as we look at it. */
interface Hooks {
  add(id: string, handler: (event: never) => void): void;
  remove(id: string): void;
}
interface SendEvent {
  source: { id: string };
  destination: { id: string };
}
interface ReceiveEvent {
  msg: { _msgid?: string };
  destination: { id: string; node?: { type?: string; _expectedDoneCount?: number } };
}
interface CompleteEvent {
  node: { id: string };
}

/** Core nodes that keep a message open until later ones complete its group: waiting for them would wait forever. */
const COLLECTORS = new Set(["join", "batch", "sort"]);
/** ms without any message received or done after which open messages count as kept, not as being worked on. */
const STALL = 5000;
/** The most messages that may be open however long a flow keeps them. */
const MAX_OPEN = 10_000;
const MAX_NODES = 10_000;

let nextId = 0;

/**
 * Tells when the flow behind a node has dealt with what the node sent. Node-RED itself has no back-pressure: it
 * delivers a message in the next turn of the event loop, whether or not the receiver is done with the one before.
 *
 * Every node that a message of ours reaches, directly or through others, is followed through Node-RED's message hooks:
 * received, and done. The flow has settled when all of them have called done() and a whole turn of the event loop has
 * passed in which nothing was received. Nodes that never call done() (of the old style), and core nodes that collect
 * messages, are not waited for. When nothing moves for STALL ms, what is open counts as kept by its node, and more is
 * sent, up to MAX_OPEN open messages: memory stays bounded however slow the flow is.
 */
export class FlowPressure {
  readonly #hooks: Hooks;
  readonly #source: string;
  readonly #label: string;
  /** Open messages by node. */
  readonly #open = new Map<string, number>();
  readonly #completed = new Set<string>();
  readonly #ignored = new Set<string>();
  readonly #sent = new Set<string>();
  #total = 0;
  #allowed = 0;
  /** Counts everything that was received or done. */
  #moves = 0;
  #wake: (() => void) | undefined;

  /** @param source id of the node whose messages are followed */
  constructor(RED: NodeAPI, source: string) {
    this.#hooks = RED.hooks as unknown as Hooks;
    this.#source = source;
    // A dot would separate the hook's name from its label.
    this.#label = `edge-replay-${source.replaceAll(".", "-")}-${nextId++}`;
    this.#hooks.add(`onSend.${this.#label}`, (events: SendEvent[]) => {
      for (const { source: from, destination } of events) {
        if (from.id === source || this.#open.has(from.id)) this.#follow(destination.id);
      }
    });
    this.#hooks.add(`onReceive.${this.#label}`, ({ msg, destination: { id, node } }: ReceiveEvent) => {
      // Link nodes hand messages on without sending them: these are known by the id that they still carry.
      if (!this.#open.has(id)) {
        if (msg?._msgid === undefined || !this.#sent.has(msg._msgid)) return;
        this.#follow(id);
        if (!this.#open.has(id)) return;
      }
      this.#moves++;
      if (node?._expectedDoneCount === 0 || COLLECTORS.has(node?.type ?? "") || this.#ignored.has(id)) return;
      this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
      this.#total++;
    });
    this.#hooks.add(`onComplete.${this.#label}`, ({ node: { id } }: CompleteEvent) => {
      const open = this.#open.get(id);
      if (open === undefined) return;
      this.#moves++;
      this.#completed.add(id);
      if (open === 0) return;
      this.#open.set(id, open - 1);
      if (--this.#total <= this.#allowed) this.#wake?.();
    });
  }

  /** Messages that are open: received by a node that is not done with them. */
  get open(): number {
    return this.#total;
  }

  /** Says that a message is about to be sent. */
  sending(id: string): void {
    this.#sent.add(id);
  }

  /** Resolves when the flow has dealt with everything that was sent, or `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = this.#moves;
      await turn();
      if (this.#total > this.#allowed) await this.#progress(signal);
      else if (this.#moves === before) break;
    }
    this.#sent.clear();
    if (this.#total === 0) this.#allowed = 0;
  }

  close(): void {
    this.#hooks.remove(`*.${this.#label}`);
    this.#wake?.();
  }

  /** A flow may lead back to the source, which is not waited for: it waits itself. */
  #follow(id: string): void {
    if (id !== this.#source && !this.#open.has(id) && this.#open.size < MAX_NODES) this.#open.set(id, 0);
  }

  /** Waits until few enough messages are open, looking for a stall. */
  async #progress(signal: AbortSignal): Promise<void> {
    const before = this.#moves;
    await new Promise<void>((done) => {
      const timer = setTimeout(finish, STALL);
      const self = this;
      function finish(): void {
        clearTimeout(timer);
        self.#wake = undefined;
        signal.removeEventListener("abort", finish);
        done();
      }
      this.#wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });
    if (this.#moves === before && this.#total > this.#allowed) this.#acceptStall();
  }

  #acceptStall(): void {
    for (const [id, open] of this.#open) {
      if (open === 0 || this.#completed.has(id)) continue;
      // It has never called done(): it will not.
      this.#ignored.add(id);
      this.#open.set(id, 0);
      this.#total -= open;
    }
    if (this.#total > 0) this.#allowed = Math.min(MAX_OPEN, Math.max(64, 2 * this.#total));
  }
}
