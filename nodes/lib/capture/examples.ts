import { setTimeout } from "node:timers/promises";
import { describe, EdgeMlError } from "../errors/index.js";
import { decodePcm, writeWav } from "../sound/index.js";
import type { Capture } from "./capture.js";
import { type Example, ExampleRecording, LEAD, refused, SPEAK } from "./example-recording.js";

/** What examples are recorded from. */
type Microphone = Pick<Capture, "state" | "listen">;

/** What a dialog shows of an example. */
export interface ExampleView {
  id: string;
  label: string;
  /** Seconds of sound. */
  seconds: number;
}

/** Examples that are kept, and bytes of sound in them. */
export const MAX_EXAMPLES = 200;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_LABEL = 64;
/** ms that a microphone may give nothing. */
const PATIENCE = 3000;
/** ms between two examples that go into the flow: the nodes behind have their turn. */
const PAUSE = 60;

/** Spoken examples from a microphone, in memory only, until they are sent or it is closed. */
export class Examples {
  readonly #microphone: Microphone;
  /** s of the windows that are made of them. */
  readonly #window: number;
  readonly #send: (example: Example) => void;
  readonly #kept: Example[] = [];
  #recording: AbortController | undefined;
  #closed = false;
  #last = 0;

  constructor(microphone: Microphone, window: number, send: (example: Example) => void) {
    this.#microphone = microphone;
    this.#window = window;
    this.#send = send;
  }

  get list(): ExampleView[] {
    return this.#kept.map(({ id, label, pcm, rate, channels }) => ({
      id,
      label,
      seconds: pcm.length / 2 / channels / rate,
    }));
  }

  /**
   * Records an example from what the microphone hears now: LEAD seconds before the word, SPEAK seconds with it.
   * @throws EdgeMlError EDGE_ML_EXAMPLE
   */
  async record(wanted: unknown): Promise<ExampleView> {
    const label = labelOf(wanted);
    this.#checkRoom(label);
    const recording = await this.#listen(label);
    const example = recording.example(this.#newId(label), label, this.#window);
    this.#kept.push(example);
    return this.list.at(-1)!;
  }

  /** Of one example, to be listened to; undefined when there is no such one. */
  wav(id: string): Buffer | undefined {
    const example = this.#kept.find((each) => each.id === id);
    return example && writeWav(decodePcm(example.pcm, "s16le"), example.rate, example.channels);
  }

  delete(id: string): boolean {
    const at = this.#kept.findIndex((each) => each.id === id);
    if (at >= 0) this.#kept.splice(at, 1);
    return at >= 0;
  }

  /** Sends them, one after the other, and forgets them. @returns how many */
  async send(): Promise<number> {
    let sent = 0;
    for (let example = this.#kept.shift(); example && !this.#closed; example = this.#kept.shift()) {
      if (sent > 0) await setTimeout(PAUSE);
      if (this.#closed) break;
      this.#send(example);
      sent++;
    }
    return sent;
  }

  close(): void {
    this.#closed = true;
    this.#recording?.abort();
    this.#kept.length = 0;
  }

  #checkRoom(label: string): void {
    if (this.#recording) throw refused(label, "another example is being recorded");
    const bytes = this.#kept.reduce((sum, { pcm }) => sum + pcm.length, 0);
    if (this.#kept.length >= MAX_EXAMPLES || bytes >= MAX_BYTES) {
      throw refused(label, `there are ${this.#kept.length} already; send them or delete some`);
    }
    const { kind } = this.#microphone.state;
    if (kind !== "listening") throw refused(label, "the microphone does not listen");
  }

  async #listen(label: string): Promise<ExampleRecording> {
    const recording = new ExampleRecording();
    const abort = new AbortController();
    this.#recording = abort;
    const { signal } = abort;
    try {
      await new Promise<void>((done, fail) => {
        const broken = (reason: string) => fail(refused(label, reason));
        const patience = () => globalThis.setTimeout(() => broken("the microphone gives nothing any more"), PATIENCE);
        let timer = patience();
        const end = this.#microphone.listen((chunk) => {
          // Several may come at once.
          if (recording.seconds >= LEAD + SPEAK) return;
          clearTimeout(timer);
          timer = patience();
          if (!recording.add(chunk)) broken("the sound was interrupted");
          else if (recording.seconds >= LEAD + SPEAK) done();
        });
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          end();
          broken("the node was stopped");
        });
      });
    } finally {
      // Also ends the listening.
      abort.abort();
      this.#recording = undefined;
    }
    return recording;
  }

  /** Two within a millisecond have different ones, too. */
  #newId(label: string): string {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return `${label} ${new Date(this.#last).toISOString()}`;
  }
}

/** @throws EdgeMlError EDGE_ML_COMMAND */
function labelOf(wanted: unknown): string {
  const label = typeof wanted === "string" ? wanted.trim() : "";
  if (label !== "" && label.length <= MAX_LABEL) return label;
  const expected = `a text of at most ${MAX_LABEL} letters: what is said`;
  throw new EdgeMlError("EDGE_ML_COMMAND", { field: "the label", got: describe(wanted), expected });
}
