import type { Node, NodeStatusFill, NodeStatusShape } from "node-red";

export interface StatusLine {
  fill: NodeStatusFill;
  shape: NodeStatusShape;
  text: string;
}

const INTERVAL = 500;

/**
 * A node's status, shown at once when its state changes and at most twice a second while it only counts: a status at
 * every message would cost more than the message.
 */
export class Status {
  readonly #node: Node;
  #shown: StatusLine | undefined;
  #next: StatusLine | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  /** Working as it should. */
  ok(text: string): void {
    this.#set({ fill: "green", shape: "dot", text });
  }

  /** Working, but not yet doing what it is there for: warming up, learning, waiting. */
  busy(text: string): void {
    this.#set({ fill: "blue", shape: "ring", text });
  }

  /** Working, and a person should look: bad data, drops. */
  warn(text: string): void {
    this.#set({ fill: "yellow", shape: "ring", text });
  }

  /** Not working. */
  error(text: string): void {
    this.#set({ fill: "red", shape: "ring", text });
  }

  /** An alarm, which is the node doing its work. */
  alarm(text: string): void {
    this.#set({ fill: "red", shape: "dot", text });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#next = undefined;
  }

  #set(line: StatusLine): void {
    const current = this.#next ?? this.#shown;
    if (current && current.text === line.text && current.fill === line.fill && current.shape === line.shape) return;
    const changed = this.#shown?.fill !== line.fill || this.#shown.shape !== line.shape;
    if (changed || this.#timer === undefined) {
      this.#show(line);
      return;
    }
    this.#next = line;
  }

  #show(line: StatusLine): void {
    this.#next = undefined;
    this.#shown = line;
    this.#node.status(line);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#next) this.#show(this.#next);
    }, INTERVAL);
    this.#timer.unref();
  }
}
