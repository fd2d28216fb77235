import type { NodeContext } from "../glue/index.js";
import type { Windower } from "../lib/dsp/index.js";

/** What the node's status says: how many windows, and what was left out. */
export class WindowStatus {
  readonly #status: NodeContext["status"];
  readonly #text: NodeContext["text"];
  readonly #windower: Windower;
  /** Texts are made only when there is something new to say: a reading that just goes into its window costs none. */
  #news = true;
  #wasGated = false;
  /** Counts before the message. */
  #gated = 0;
  #quiet = 0;
  #dropped = 0;

  constructor(status: NodeContext["status"], text: NodeContext["text"], windower: Windower) {
    this.#status = status;
    this.#text = (key, values) => text(`status.${key}`, values);
    this.#windower = windower;
    this.reset();
  }

  /** Streams were forgotten on request. */
  reset(): void {
    this.#news = true;
    this.#status.busy(this.#text("waiting"));
  }

  /** Streams were forgotten because they were silent. */
  idle(): void {
    const { streams, counts } = this.#windower;
    this.#news = true;
    if (streams === 0) this.#status.busy(`${this.#text("waiting")}${this.#trouble()}`);
    else this.#status.ok(this.#line(this.#text("streams", { count: streams }), counts.frames));
  }

  /** A message comes. */
  before(): void {
    this.#gated = this.#windower.counts.gated;
    this.#quiet = this.#windower.counts.quiet;
    this.#dropped = this.#droppedNow;
  }

  /** A message was taken. @param good whether all the windows that it completed are; undefined when there is none */
  after(stream: string, good: boolean | undefined): void {
    const { counts } = this.#windower;
    const isGated = counts.gated > this.#gated;
    if (good === undefined && counts.quiet > this.#quiet) {
      this.#status.busy(this.#text("silence", { count: counts.quiet }));
      return;
    }
    const dropped = this.#droppedNow > this.#dropped;
    if (this.#news || dropped || good !== undefined || isGated !== this.#wasGated) {
      this.#show(stream, dropped ? false : good, isGated);
    }
    this.#wasGated = isGated;
    this.#news = this.#windower.channels(stream).length === 0;
  }

  get #droppedNow(): number {
    const { late, duplicates, missedEvents } = this.#windower.counts;
    return late + duplicates + missedEvents;
  }

  #show(stream: string, good: boolean | undefined, gated: boolean): void {
    const windower = this.#windower;
    const { frames } = windower.counts;
    const channels = windower.channels(stream).length;
    const who =
      windower.streams > 1
        ? this.#text("streams", { count: windower.streams })
        : this.#text("channels", { count: channels });
    if (channels === 0) this.#status.warn(this.#text("noNumbers"));
    else if (gated) {
      const closed = this.#text("gateClosed");
      this.#status.busy(frames === 0 ? closed : this.#text("of", { who: closed, count: frames }));
    } else if (frames === 0) this.#status.busy(`${who} · ${this.#text(this.#idleWord)}${this.#trouble()}`);
    else if (good === false) this.#status.warn(this.#line(who, frames));
    else this.#status.ok(this.#line(who, frames));
  }

  /** What a stream without any window yet is doing. */
  get #idleWord(): string {
    return this.#windower.plan.trigger === undefined ? "filling" : "noEvent";
  }

  #line(who: string, frames: number): string {
    return `${this.#text("of", { who, count: frames })}${this.#trouble()}`;
  }

  /** What was left out, the most telling kind first. */
  #trouble(): string {
    const { counts, evicted, plan } = this.#windower;
    const kinds: [string, number][] = [
      ["bad", counts.bad],
      ["late", counts.late + counts.duplicates],
      ["missedEvents", counts.missedEvents],
      ["gaps", counts.gaps + counts.breaks],
      ["splits", counts.splits],
      ["restarts", counts.restarts],
      ["dropped", evicted],
      ["unknown", plan.channels.length > 0 ? 0 : counts.unknown],
      ["idle", counts.idle],
      ["sorted", counts.sorted],
      ["quiet", counts.quiet],
    ];
    const found = kinds.find(([, count]) => count > 0);
    return found ? ` · ${this.#text(found[0], { count: found[1] })}` : "";
  }
}
